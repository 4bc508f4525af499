#include "core/recipe/former_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace tagscape {
namespace {

struct RenamedOption {
  std::string_view former, present;
};
constexpr RenamedOption kRenamedOptions[] = {
    {"balance_exponent", "class_balance"},
    {"lift", "views"},
    {"lift_appearance", "superpoint_lda"},
    {"lift_doubt", "label_smoothing"},
    {"lift_least_share", "min_tag_area"},
    {"lift_network", "superpoint_mlp"},
    {"reverse_after", "warmup_fraction"},
    {"reverse_balance_exponent", "reverse_class_balance"},
    {"score", "confidence"},
};

/// A choice, by the former name of its option.
struct RenamedChoice {
  std::string_view option, former, present;
  bool is_the_same;
};
constexpr RenamedChoice kRenamedChoices[] = {
    {"confidence", "share", "probability", true},
    {"lift", "frame", "single", true},
    {"lift", "scene", "multi", true},
    {"refinement", "affinity", "labels", false},
    {"refinement", "features", "labels", false},
    {"refinement", "lifted", "labels", true},
    {"refinement", "lifted-alone", "labels", false},
    {"refinement", "points", "labels", false},
    {"score", "cam", "probability", false},
    {"score", "entropy", "probability", false},
    {"score", "margin", "probability", false},
    {"score", "share", "probability", true},
};

struct RemovedOption {
  std::string_view name;
  std::string_view implied;  ///< The value that every training has today; empty where it depends on others.
  std::string_view advice;
};
constexpr RemovedOption kRemovedOptions[] = {
    {"balance_end", "-1", "it was removed"},
    {"lift_neighbours", "8", "it was removed"},
    {"lift_pooling", "product", "it was removed: frames are combined by the product of their probabilities"},
    {"lift_rounds", "4", "it was removed: views=multi labels points four times"},
    {"reach", "points", "it was removed"},
    {"renormalise_refined", "false", "it was removed"},
    {"teacher_decay", "0", "it was removed"},
    {"use_confidence", "", "it is now confidence=none, probability or tagged"},
    {"vote", "", "it was removed: views=single labels single points, views=multi superpoints"},
};

template <class Row>
const Row* rowNamed(std::span<const Row> rows, std::string_view Row::*column, std::string_view name) {
  const auto found = std::ranges::find(rows, name, column);
  return found == rows.end() ? nullptr : &*found;
}

const RenamedChoice* choiceOf(std::string_view option, std::string_view value) {
  const auto found = std::ranges::find_if(
      kRenamedChoices, [&](const RenamedChoice& row) { return row.option == option && row.former == value; });
  return found == std::end(kRenamedChoices) ? nullptr : found;
}

/// Equal as texts or as numbers: "0", "0.0" and ".0" are one value.
bool areEqual(std::string_view a, std::string_view b) {
  const auto number = [](std::string_view text, double& value) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} && end == text.data() + text.size();
  };
  double left = 0, right = 0;
  return a == b || (number(a, left) && number(b, right) && left == right);
}

/// What options that were removed meant together with others.
class Former {
 public:
  explicit Former(const std::vector<OptionText>& options) : options_(options) {}

  [[nodiscard]] std::string_view valueOf(std::string_view name, std::string_view otherwise) const {
    const auto found = std::ranges::find(options_, name, &OptionText::name);
    return found == options_.end() ? otherwise : std::string_view(found->value);
  }
  [[nodiscard]] bool labelsByAllFrames() const { return valueOf("lift", "frame") == "scene"; }
  /// Whether labels were of superpoints exactly where they are today.
  [[nodiscard]] bool votesAsToday() const {
    return valueOf("vote", "none") == (labelsByAllFrames() ? "segments" : "none");
  }

 private:
  const std::vector<OptionText>& options_;
};

std::string lostSetting(const OptionText& option, std::string_view present) {
  return present.empty() ? fmt::format("{} = {} (no longer exists)", option.name, option.value)
                         : fmt::format("{} = {} (now {})", option.name, option.value, present);
}

}  // namespace

TranslatedOptions translateFormerOptions(const std::vector<OptionText>& former) {
  const Former all(former);
  TranslatedOptions translated;
  for (const OptionText& option : former) {
    if (const auto* removed = rowNamed<RemovedOption>(kRemovedOptions, &RemovedOption::name, option.name)) {
      const bool is_implied = option.name == "use_confidence" || (option.name == "vote" && all.votesAsToday()) ||
                              areEqual(option.value, removed->implied);
      if (!is_implied) translated.lost.push_back(lostSetting(option, {}));
      continue;
    }
    OptionText present = option;
    if (const auto* renamed = rowNamed<RenamedOption>(kRenamedOptions, &RenamedOption::former, option.name))
      present.name = renamed->present;
    if (const RenamedChoice* choice = choiceOf(option.name, option.value)) {
      present.value = choice->present;
      if (!choice->is_the_same) translated.lost.push_back(lostSetting(option, choice->present));
    }
    translated.options.push_back(std::move(present));
  }
  // Labels of superpoints had no part in the refinement "labels" when all frames gave them; today they always have.
  if (all.labelsByAllFrames() && all.valueOf("refinement", "labels") == "labels")
    translated.lost.push_back("refinement = labels (now times the multi-view labels)");
  if (all.valueOf("use_confidence", "true") == "false") translated.options.push_back({"confidence", "none", 0});
  return translated;
}

std::string describeFormerOption(std::string_view name, std::string_view value) {
  if (const auto* removed = rowNamed<RemovedOption>(kRemovedOptions, &RemovedOption::name, name))
    return std::string(removed->advice);
  const auto* renamed = rowNamed<RenamedOption>(kRenamedOptions, &RenamedOption::former, name);
  if (renamed == nullptr) return {};
  const RenamedChoice* choice = choiceOf(name, value);
  return fmt::format("it is now called {}={}", renamed->present, choice != nullptr ? choice->present : value);
}

}  // namespace tagscape
