#include "core/recipe/option_listing.h"

#include "core/recipe/option_descriptor.h"
#include "core/recipe/presets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace tagscape {
namespace {

using Group = std::span<const OptionDescriptor>;

std::vector<Group> groups() {
  std::vector<Group> all;
  const auto options = recipeOptions();
  for (std::size_t begin = 0, end = 0; begin < options.size(); begin = end) {
    while (end < options.size() && options[end].group == options[begin].group) ++end;
    all.push_back(options.subspan(begin, end - begin));
  }
  return all;
}

/// Whole numbers in full, others as short as they are.
std::string plain(double value) {
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:g}", value);
}

/// "0 … 1024 threads", "16 … 4096 px, multiple of 8"; empty for what says nothing.
std::string rangeOf(const OptionDescriptor& option) {
  std::string text;
  const bool has_range = option.kind == OptionKind::Integer || option.kind == OptionKind::Number;
  if (has_range) text = fmt::format("{} … {}", plain(option.min), plain(option.max));
  if (has_range && !option.unit.empty()) text += fmt::format(" {}", option.unit);
  if (option.multiple_of > 1) text += fmt::format(", multiple of {}", option.multiple_of);
  if (option.kind == OptionKind::File) text = "file";
  if (option.kind == OptionKind::Folder) text = "folder";
  return text;
}

std::string defaultOf(const OptionDescriptor& option) {
  const std::string text = option.get(Recipe());
  return text.empty() ? "none" : text;
}

/// `text` in lines of at most `width` bytes, all but the first after `indent` blanks.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string lines;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (used > 0 && used + 1 + end > width) {
      lines += "\n" + std::string(indent, ' ');
      used = 0;
    }
    if (used > 0) lines += ' ';
    lines += text.substr(0, end);
    used += end + (used > 0 ? 1 : 0);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

constexpr std::size_t kTextWidth = 100;

std::string entry(std::string_view head, std::string_view text, std::size_t indent) {
  return fmt::format("{}\n{}{}\n", head, std::string(indent, ' '), wrapped(text, indent, kTextWidth - indent));
}

std::string choicesAsText(const OptionDescriptor& option) {
  std::string text;
  for (const OptionChoice& choice : option.choices) {
    constexpr std::size_t kIndent = 27;
    text += fmt::format("      {:<20} {}\n", choice.word, wrapped(choice.help, kIndent, kTextWidth - kIndent));
  }
  return text;
}

// ------------------------------------------------------------------------------------------------------------ Markdown

std::string choicesAsMarkdown(const OptionDescriptor& option) {
  std::string text;
  for (const OptionChoice& choice : option.choices)
    text += fmt::format("{}`{}`: {}", text.empty() ? "" : "; ", choice.word, choice.help);
  return text;
}

std::string rowOf(const OptionDescriptor& option) {
  std::string meaning(option.help);
  if (option.kind == OptionKind::Choice) meaning += ": " + choicesAsMarkdown(option);
  return fmt::format(
      "| `{}` | {} | {} | {} | {} |\n", option.name, defaultOf(option), rangeOf(option), meaning, option.source);
}

/// What each preset changes, a row for each option that any of them does.
std::string presetsAsMarkdown() {
  std::string text = "### Presets\n\n";
  std::string head = "| option | default |", rule = "|---|---|";
  for (const RecipePreset& preset : recipePresets()) {
    text += fmt::format("- `{}`: {}.\n", preset.name, preset.help);
    head += fmt::format(" `{}` |", preset.name);
    rule += "---|";
  }
  text += fmt::format("\nWhat they change:\n\n{}\n{}\n", head, rule);
  for (const OptionDescriptor& option : recipeOptions()) {
    if (option.name == "preset") continue;
    std::string row = fmt::format("| `{}` | {} |", option.name, defaultOf(option));
    bool is_changed = false;
    for (const RecipePreset& preset : recipePresets()) {
      Recipe recipe;
      preset.change(recipe);
      const bool differs = option.get(recipe) != option.get(Recipe());
      is_changed = is_changed || differs;
      row += differs ? fmt::format(" {} |", option.get(recipe)) : " |";
    }
    if (is_changed) text += row + "\n";
  }
  return text;
}

}  // namespace

std::string listOptions() {
  std::string text;
  for (const Group& group : groups()) {
    const OptionDescriptor& first = group.front();
    text += fmt::format("{}\n", first.group_title);
    if (!first.group_help.empty()) text += fmt::format("  {}\n", wrapped(first.group_help, 2, kTextWidth - 2));
    for (const OptionDescriptor& option : group) {
      const std::string range = rangeOf(option);
      text += entry(
          fmt::format("  {} = {}{}", option.name, defaultOf(option), range.empty() ? "" : fmt::format("  ({})", range)),
          option.help,
          6);
      text += choicesAsText(option);
    }
    text += "\n";
  }
  text += "Presets\n";
  for (const RecipePreset& preset : recipePresets()) text += entry(fmt::format("  {}", preset.name), preset.help, 6);
  return text;
}

std::string listOptionsAsMarkdown() {
  std::string text;
  for (const Group& group : groups()) {
    text += fmt::format("### {}\n\n", group.front().group_title);
    if (!group.front().group_help.empty()) text += fmt::format("{}\n\n", group.front().group_help);
    text += "| option | default | range | | from |\n|---|---|---|---|---|\n";
    for (const OptionDescriptor& option : group) text += rowOf(option);
    text += "\n";
  }
  return text + presetsAsMarkdown();
}

}  // namespace tagscape
