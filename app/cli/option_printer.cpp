#include "app/cli/option_printer.h"

#include "app/cli/printing.h"
#include "core/recipe/option_descriptor.h"
#include "core/recipe/option_listing.h"
#include "core/recipe/presets.h"

namespace tagscape::cli {
namespace {

nlohmann::json describe(const OptionDescriptor& option) {
  nlohmann::json described{{"name", option.name},
                           {"group", option.group},
                           {"kind", nameOf(option.kind)},
                           {"default", option.get(Recipe())},
                           {"unit", option.unit},
                           {"source", option.source},
                           {"help", option.help}};
  if (option.kind == OptionKind::Integer || option.kind == OptionKind::Number) {
    described["min"] = option.min;
    described["max"] = option.max;
  }
  if (option.multiple_of > 1) described["multiple_of"] = option.multiple_of;
  for (const OptionChoice& choice : option.choices)
    described["choices"].push_back({{"name", choice.word}, {"help", choice.help}});
  return described;
}

nlohmann::json describe(const RecipePreset& preset) {
  Recipe recipe;
  preset.change(recipe);
  nlohmann::json changes = nlohmann::json::object();
  for (const OptionDescriptor& option : recipeOptions()) {
    if (option.get(recipe) != option.get(Recipe())) changes[std::string(option.name)] = option.get(recipe);
  }
  return {{"name", preset.name}, {"help", preset.help}, {"changes", std::move(changes)}};
}

nlohmann::json describeAll() {
  nlohmann::json all{{"options", nlohmann::json::array()}, {"presets", nlohmann::json::array()}};
  for (const OptionDescriptor& option : recipeOptions()) all["options"].push_back(describe(option));
  for (const RecipePreset& preset : recipePresets()) all["presets"].push_back(describe(preset));
  return all;
}

}  // namespace

void printOptions(OptionFormat format) {
  if (format == OptionFormat::Json) return printJson(describeAll());
  std::fputs((format == OptionFormat::Markdown ? listOptionsAsMarkdown() : listOptions()).c_str(), stdout);
}

}  // namespace tagscape::cli
