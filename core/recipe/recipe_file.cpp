#include "core/recipe/recipe_file.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/recipe/former_options.h"
#include "core/recipe/option_descriptor.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <sstream>

namespace tagscape {
namespace {

constexpr std::int64_t kFormat = 3;
constexpr std::int64_t kFirstFormat = 1;  // Of files without a "format".

/// A value as TOML writes it.
std::string tomlText(const OptionDescriptor& option, const Recipe& recipe) {
  std::string text = option.get(recipe);
  switch (option.kind) {
    case OptionKind::Flag:
    case OptionKind::Integer:
    case OptionKind::Number:
      return text;
    default:
      break;
  }
  std::ostringstream quoted;
  quoted << toml::value<std::string>(text);
  return quoted.str();
}

/// A TOML value as the text that OptionDescriptor::set takes; empty for a table or an array.
std::string textOf(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  return {};
}

Result<toml::table> parsed(const std::filesystem::path& path) {
  constexpr std::uintmax_t kMaxBytes = 1 << 24;  // It names every scene of a data set.
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(path, kMaxBytes));
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& refusal) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("line {}: {}", refusal.source().begin.line, refusal.description()),
                    "Correct the line.");
  }
}

/// Errors: InvalidInput for a format that this version does not know.
Result<std::int64_t> formatOf(const toml::table& root, const std::filesystem::path& path) {
  const std::int64_t format = root["format"].value_or(kFirstFormat);
  if (format >= kFirstFormat && format <= kFormat) return format;
  return failFile(ErrorCode::InvalidInput,
                  path,
                  fmt::format("its format is {}, and this version knows up to {}", format, kFormat),
                  "Use the version of tagscape that made the run.");
}

}  // namespace

std::string formatRecipe(const Recipe& recipe) {
  std::string text = fmt::format("format = {}\n\n[train]\n", kFormat);
  std::string_view group;
  for (const OptionDescriptor& option : recipeOptions()) {
    if (group != option.group) text += fmt::format("{}# {}\n", group.empty() ? "" : "\n", option.group_title);
    group = option.group;
    text += fmt::format("{} = {}\n", option.name, tomlText(option, recipe));
  }
  return text;
}

Result<RecipeFile> readRecipeFile(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const toml::table root, parsed(path));
  TAGSCAPE_ASSIGN(const std::int64_t format, formatOf(root, path));
  const toml::table* table = root["train"].as_table();
  if (table == nullptr)
    return failFile(ErrorCode::InvalidInput, path, "there is no [train] table", "Use the config.toml of a run.");
  std::vector<OptionText> written;
  for (const auto& [key, node] : *table)
    written.push_back({std::string(key.str()), textOf(node), node.source().begin.line});
  const TranslatedOptions present = format < kFormat ? translateFormerOptions(written) : TranslatedOptions{written, {}};
  RecipeFile file;
  for (const OptionText& option : present.options) {
    if (const Status status = setRecipeOption(file.recipe, option.name, option.value); !status) {
      return failFile(ErrorCode::InvalidInput, path, fmt::format("line {}", option.line), status.error().message);
    }
  }
  if (!present.lost.empty()) {
    file.warnings.push_back(
        fmt::format("{}: the run is of an earlier version; settings that this version does not have: {}",
                    path.string(),
                    fmt::join(present.lost, ", ")));
  }
  return file;
}

Result<Recipe> readRecipe(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(RecipeFile file, readRecipeFile(path));
  for (const std::string& warning : file.warnings) log::warn(warning);
  return std::move(file.recipe);
}

}  // namespace tagscape
