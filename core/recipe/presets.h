#pragma once

#include "core/base/result.h"
#include "core/recipe/recipe.h"

#include <span>
#include <string>
#include <string_view>

namespace tagscape {

struct RecipePreset {
  std::string_view name;
  std::string_view help;           ///< What it is for, and what it costs; a sentence or two.
  void (*change)(Recipe& recipe);  ///< What differs from the defaults.
};

/// All presets: that for one scan, then from the shortest training to the longest.
[[nodiscard]] std::span<const RecipePreset> recipePresets();

/// "quick, small, …", for messages.
[[nodiscard]] std::string recipePresetNames();

/// The defaults as the preset changes them; general.preset is its name.
/// Errors: InvalidInput naming the presets there are.
[[nodiscard]] Result<Recipe> presetRecipe(std::string_view name);

/// The preset that labels one scan; the others train on one or several scenes from their tags.
inline constexpr std::string_view kScanPreset = "scan";

/// Sets what the preset `scan` starts from at a quality: scan.quality, other options of that group, and steps.
void setScanQuality(Recipe& recipe, ScanQuality quality);

}  // namespace tagscape
