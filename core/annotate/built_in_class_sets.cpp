// The class sets that come with the program.

#include "core/annotate/class_set.h"
#include "core/scene/class_catalog.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

namespace tagscape {
namespace {

struct TableRow {
  std::string_view set;
  int id;
  int nyu40_id;
  std::string_view color;
  std::string_view name;
};

constexpr TableRow kRows[] = {
#include "core/annotate/class_set_tables.inc"
};

Rgb8 colorOf(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.data() + 1, text.data() + text.size(), value, 16);
  return {static_cast<std::uint8_t>(value >> 16U),
          static_cast<std::uint8_t>(value >> 8U & 0xffU),
          static_cast<std::uint8_t>(value & 0xffU)};
}

/// The first nine classes have the digits.
std::string keyFor(std::size_t position) { return position < 9 ? std::to_string(position + 1) : std::string(); }

ClassSet scanNet20() {
  ClassSet set{"scannet20", {}};
  for (const ClassInfo& info : classCatalog())
    set.classes.push_back({std::string(info.name), info.rgb, keyFor(set.size()), {{"nyu40", info.nyu40_id}}});
  return set;
}

}  // namespace

std::vector<std::string> builtInClassSets() { return {"scannet20", "nyu40", "scannet200", "s3dis13", "matterport21"}; }

Result<ClassSet> builtInClassSet(std::string_view name) {
  if (name == "scannet20") return scanNet20();
  ClassSet set{std::string(name), {}};
  for (const TableRow& row : kRows) {
    if (row.set != name) continue;
    LabelClass label_class{std::string(row.name), colorOf(row.color), keyFor(set.size()), {{set.name, row.id}}};
    if (row.nyu40_id > 0) label_class.ids["nyu40"] = row.nyu40_id;
    set.classes.push_back(std::move(label_class));
  }
  if (set.classes.empty()) {
    return fail(ErrorCode::NotFound,
                fmt::format("There is no class set '{}'. Choose one of {}, or a TOML file of your own",
                            name,
                            fmt::join(builtInClassSets(), ", ")));
  }
  return set;
}

}  // namespace tagscape
