#pragma once

#include "core/base/result.h"
#include "core/recipe/recipe.h"

#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// What options have to be to go together.
struct RecipeRule {
  std::string_view name;
  bool (*is_broken)(const Recipe& recipe);
  std::string_view message;  ///< What does not go together and what to set instead.
};

[[nodiscard]] const std::vector<RecipeRule>& recipeRules();

/// Every option by itself, then the rules.
/// Errors: InvalidInput naming the option, its value and what it may be, or the message of the first broken rule.
[[nodiscard]] Status checkRecipe(const Recipe& recipe);

}  // namespace tagscape
