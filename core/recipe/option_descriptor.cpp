#include "core/recipe/option_descriptor.h"

#include "core/base/edit_distance.h"
#include "core/recipe/former_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <vector>

namespace tagscape {
namespace {

constexpr double kMaxSteps = 10'000'000;
constexpr double kMaxSeed = 0x1p62;  // TOML's integers have 64 bits with a sign.

// ---------------------------------------------------------------------------------------------- limits of options.inc

struct Limits {
  double min = 0, max = 0;
  int multiple_of = 1;
  OptionKind text_kind = OptionKind::Text;
};

constexpr Limits anyValue() { return {}; }
constexpr Limits range(double min, double max) { return {min, max, 1, {}}; }
constexpr Limits multiples(int of, double min, double max) { return {min, max, of, {}}; }
constexpr Limits aFile() { return {0, 0, 1, OptionKind::File}; }
constexpr Limits aFolder() { return {0, 0, 1, OptionKind::Folder}; }

// ------------------------------------------------------------------------------------------------------------ choices

template <class Enum>
struct Choices;

#define TAGSCAPE_CHOICES(Enum) \
  template <>                  \
  struct Choices<Enum> {       \
    static constexpr auto kAll = std::to_array<OptionChoice>({
#define TAGSCAPE_CHOICE(Enum, enumerator, word, help) {word, help},
#define TAGSCAPE_CHOICES_END(Enum) \
  });                              \
  }                                \
  ;
#include "core/recipe/choices.inc"
#undef TAGSCAPE_CHOICES
#undef TAGSCAPE_CHOICE
#undef TAGSCAPE_CHOICES_END

/// Of core/geometry, which has its own names for them.
template <>
struct Choices<DepthSource> {
  static constexpr auto kAll = std::to_array<OptionChoice>({
      {"auto", "the sensor's where a frame has a depth map, else the surface's"},
      {"sensor", "what the frame's sensor measured; frames without a depth map teach no points"},
      {"surface", "rendered from the mesh"},
  });
};

// ------------------------------------------------------------------------------------------------------ text of values

std::string textOf(bool value) { return value ? "true" : "false"; }
std::string textOf(const std::string& value) { return value; }

template <class T>
requires std::is_arithmetic_v<T> std::string textOf(T value) { return fmt::format("{}", value); }

template <class Enum>
requires std::is_enum_v<Enum> std::string textOf(Enum value) {
  const auto place = static_cast<std::size_t>(value);
  return place < Choices<Enum>::kAll.size() ? std::string(Choices<Enum>::kAll[place].word) : fmt::format("{}", place);
}

bool parseInto(std::string& target, std::string_view text) {
  target = text;
  return true;
}

bool parseInto(bool& target, std::string_view text) {
  if (text != "true" && text != "false") return false;
  target = text == "true";
  return true;
}

template <class T>
requires std::is_arithmetic_v<T>
bool parseInto(T& target, std::string_view text) {
  T value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return false;
  target = value;
  return true;
}

template <class Enum>
requires std::is_enum_v<Enum>
bool parseInto(Enum& target, std::string_view text) {
  const auto& all = Choices<Enum>::kAll;
  const auto found = std::ranges::find(all, text, &OptionChoice::word);
  if (found == all.end()) return false;
  target = static_cast<Enum>(found - all.begin());
  return true;
}

// ---------------------------------------------------------------------------------------------------------- the table

template <class T>
constexpr OptionKind kindOf(OptionKind text_kind) {
  if constexpr (std::is_same_v<T, bool>) return OptionKind::Flag;
  if constexpr (std::is_enum_v<T>) return OptionKind::Choice;
  if constexpr (std::is_integral_v<T>) return OptionKind::Integer;
  if constexpr (std::is_floating_point_v<T>) return OptionKind::Number;
  return text_kind;
}

template <class T>
constexpr std::span<const OptionChoice> choicesOf() {
  if constexpr (std::is_enum_v<T>) return Choices<T>::kAll;
  return {};
}

/// How the member `Member` of the group `Group` is read and written.
template <auto Group, auto Member>
struct Access {
  using Value = std::remove_cvref_t<decltype((std::declval<Recipe>().*Group).*Member)>;

  static std::string get(const Recipe& recipe) { return textOf((recipe.*Group).*Member); }
  static bool parse(Recipe& recipe, std::string_view text) { return parseInto((recipe.*Group).*Member, text); }
  static double number(const Recipe& recipe) {
    if constexpr (std::is_same_v<Value, float>) {
      return std::strtod(get(recipe).c_str(),
                         nullptr);  // As it was meant: .05, not the .0500000007 of the nearest float.
    } else if constexpr (std::is_same_v<Value, std::string>) {
      return 0;
    } else {
      return static_cast<double>((recipe.*Group).*Member);
    }
  }
};

template <auto Group, auto Member>
OptionDescriptor describe(OptionDescriptor texts, const Limits& limits) {
  using Accessor = Access<Group, Member>;
  using Value = typename Accessor::Value;
  texts.kind = kindOf<Value>(limits.text_kind);
  texts.min = limits.min;
  texts.max = limits.max;
  texts.multiple_of = limits.multiple_of;
  texts.choices = choicesOf<Value>();
  texts.get = Accessor::get;
  texts.parse = Accessor::parse;
  texts.number = Accessor::number;
  return texts;
}

std::vector<OptionDescriptor> makeTable() {
  std::vector<OptionDescriptor> table;
  OptionDescriptor texts;
#define TAGSCAPE_GROUP(Type, member, title, help_text) \
  {                                                    \
    using Group = Recipe::Type;                        \
    constexpr auto kGroup = &Recipe::member;           \
    texts.group = #member;                             \
    texts.group_title = title;                         \
    texts.group_help = help_text;
#define TAGSCAPE_OPTION(type, option, initial, limits, unit_text, source_text, help_text) \
  texts.name = #option;                                                                   \
  texts.unit = unit_text;                                                                 \
  texts.source = source_text;                                                             \
  texts.help = help_text;                                                                 \
  table.push_back(describe<kGroup, &Group::option>(texts, limits));
#define TAGSCAPE_GROUP_END(Type, member) }
#include "core/recipe/options.inc"
#undef TAGSCAPE_GROUP
#undef TAGSCAPE_OPTION
#undef TAGSCAPE_GROUP_END
  return table;
}

/// Names that may have been meant, the nearest first.
std::vector<std::string_view> similarNames(std::string_view name) {
  constexpr std::size_t kMaxNames = 3;
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const OptionDescriptor& option : recipeOptions()) {
    const std::size_t distance = editDistance(name, option.name);
    if (distance <= 1 + name.size() / 4) near.emplace_back(distance, option.name);
  }
  std::ranges::stable_sort(near, {}, &std::pair<std::size_t, std::string_view>::first);
  std::vector<std::string_view> names;
  for (const auto& [distance, similar] : near) {
    if (names.size() < kMaxNames && distance <= near.front().first + 1) names.push_back(similar);
  }
  return names;
}

}  // namespace

#define TAGSCAPE_CHOICES(Enum) \
  std::string_view nameOf(Enum choice) { return Choices<Enum>::kAll.at(static_cast<std::size_t>(choice)).word; }
#define TAGSCAPE_CHOICE(Enum, enumerator, word, help)
#define TAGSCAPE_CHOICES_END(Enum)
#include "core/recipe/choices.inc"
#undef TAGSCAPE_CHOICES
#undef TAGSCAPE_CHOICE
#undef TAGSCAPE_CHOICES_END

std::string_view nameOf(OptionKind kind) {
  constexpr std::string_view kNames[] = {"flag", "integer", "number", "choice", "text", "file", "folder"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string OptionDescriptor::limits() const {
  switch (kind) {
    case OptionKind::Flag:
      return "true or false";
    case OptionKind::Integer:
      return multiple_of > 1 ? fmt::format("a multiple of {} from {} to {}", multiple_of, min, max)
                             : fmt::format("a whole number from {} to {}", min, max);
    case OptionKind::Number:
      return fmt::format("a number from {} to {}", min, max);
    case OptionKind::Choice: {
      std::string words;
      for (std::size_t i = 0; i < choices.size(); ++i) {
        words += i == 0 ? "" : i + 1 < choices.size() ? ", " : " or ";
        words += choices[i].word;
      }
      return words;
    }
    case OptionKind::Text:
      return "text";
    case OptionKind::File:
      return "the path of a file";
    case OptionKind::Folder:
      return "the path of a folder";
  }
  return {};
}

Status OptionDescriptor::set(Recipe& recipe, std::string_view text) const {
  Recipe changed = recipe;
  if (!parse(changed, text)) {
    return fail(ErrorCode::InvalidInput, fmt::format("training option '{}' is '{}'. Choose {}.", name, text, limits()));
  }
  TAGSCAPE_TRY(check(changed));
  recipe = std::move(changed);
  return {};
}

Status OptionDescriptor::check(const Recipe& recipe) const {
  const double value = number(recipe);
  bool right = true;
  if (kind == OptionKind::Choice) right = value < static_cast<double>(choices.size());
  if (kind == OptionKind::Integer || kind == OptionKind::Number) {
    right = value >= min && value <= max;  // NaN is in no range.
    if (right && multiple_of > 1) right = std::fmod(value, multiple_of) == 0;
  }
  if (right) return {};
  return fail(ErrorCode::InvalidInput,
              fmt::format("training option '{}' is {}. Choose {}.", name, get(recipe), limits()));
}

std::span<const OptionDescriptor> recipeOptions() {
  static const auto* const kTable = new std::vector<OptionDescriptor>(makeTable());
  return *kTable;
}

const OptionDescriptor* findRecipeOption(std::string_view name) {
  const auto table = recipeOptions();
  const auto found = std::ranges::find(table, name, &OptionDescriptor::name);
  return found == table.end() ? nullptr : &*found;
}

Status setRecipeOption(Recipe& recipe, std::string_view name, std::string_view text) {
  if (const OptionDescriptor* option = findRecipeOption(name)) return option->set(recipe, text);
  std::string message = fmt::format("there is no training option '{}'", name);
  if (const std::string former = describeFormerOption(name, text); !former.empty()) {
    message += fmt::format(": {}.", former);
  } else if (const auto similar = similarNames(name); !similar.empty()) {
    message += fmt::format(". Did you mean {}?", fmt::join(similar, " or "));
  } else {
    message += ".";
  }
  return fail(ErrorCode::InvalidInput, message + " `tagscape train --options` lists them all.");
}

}  // namespace tagscape
