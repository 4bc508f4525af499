#include "core/synth/categories.h"

#include "core/scene/class_catalog.h"
#include "core/synth/paint.h"

#include <array>
#include <stdexcept>
#include <string_view>

namespace tagscape::synth {
namespace {

constexpr int kFirstId = 101;
constexpr std::uint16_t kClutterId = 199;  // beyond the table, which grows
constexpr int kOtherProp = 40;             // of NYU40; none of the 20 classes

struct Category {
  std::string_view raw, class_name;
};
/// Append only: ids are positions.
constexpr std::array<Category, 27> kCategories{{{"wall", "wall"},
                                                {"floor", "floor"},
                                                {"cabinet", "cabinet"},
                                                {"wardrobe", "cabinet"},
                                                {"kitchen cabinet", "cabinet"},
                                                {"bed", "bed"},
                                                {"chair", "chair"},
                                                {"office chair", "chair"},
                                                {"couch", "sofa"},
                                                {"table", "table"},
                                                {"coffee table", "table"},
                                                {"dining table", "table"},
                                                {"door", "door"},
                                                {"window", "window"},
                                                {"bookshelf", "bookshelf"},
                                                {"picture", "picture"},
                                                {"kitchen counter", "counter"},
                                                {"desk", "desk"},
                                                {"curtain", "curtain"},
                                                {"curtains", "curtain"},
                                                {"refrigerator", "refrigerator"},
                                                {"shower curtain", "shower curtain"},
                                                {"toilet", "toilet"},
                                                {"sink", "sink"},
                                                {"bathtub", "bathtub"},
                                                {"floor lamp", "otherfurniture"},
                                                {"laundry basket", "otherfurniture"}}};

}  // namespace

std::vector<LabelTableRow> labelTable(bool has_clutter) {
  std::vector<LabelTableRow> rows;
  for (const auto& [raw, class_name] : kCategories) {
    const auto& info = classCatalog()[static_cast<std::size_t>(classOf(class_name))];
    rows.push_back({kFirstId + static_cast<int>(rows.size()), std::string(raw), info.nyu40_id, std::string(info.name)});
  }
  if (has_clutter) rows.push_back({kClutterId, std::string(kClutterCategory), kOtherProp, "otherprop"});
  return rows;
}

std::uint16_t rawIdOf(const Object& object) {
  if (object.category == kClutterCategory) return kClutterId;
  for (std::size_t i = 0; i < kCategories.size(); ++i) {
    if (kCategories.at(i).raw == object.category) return static_cast<std::uint16_t>(kFirstId + static_cast<int>(i));
  }
  throw std::logic_error("no raw category " + object.category);
}

}  // namespace tagscape::synth
