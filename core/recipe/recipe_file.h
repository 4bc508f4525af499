#pragma once

#include "core/base/result.h"
#include "core/recipe/recipe.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tagscape {

/// The recipe as the beginning of a config.toml: "format = 3" and the table [train] with every option by its name, in
/// the order of options.inc.
[[nodiscard]] std::string formatRecipe(const Recipe& recipe);

struct RecipeFile {
  Recipe recipe;
  std::vector<std::string> warnings;  ///< Settings of a former version that no longer exist.
};

/// Reads config.toml back. Options that are not there keep the default of Recipe, not the preset's value of today: the
/// run did not have them. Files of earlier formats have former names and choices, see former_options.h.
/// Errors: NotFound; InvalidInput with line and remedy for text that is no TOML, a format of a newer version, an
/// unknown option, a value that the option cannot have.
[[nodiscard]] Result<RecipeFile> readRecipeFile(const std::filesystem::path& path);

/// The same, with the warnings written to the log.
[[nodiscard]] Result<Recipe> readRecipe(const std::filesystem::path& path);

}  // namespace tagscape
