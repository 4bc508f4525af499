#include "core/experiment/experiment_plan.h"
#include "core/recipe/option_descriptor.h"
#include "core/recipe/presets.h"
#include "core/recipe/recipe.h"
#include "core/recipe/recipe_check.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

TEST(ExperimentPlan, AsksTrainingsForWhatTheyAccept) {
  for (const std::string& preset : experimentPresets()) {
    const auto plan = experimentPlan(preset, {.ablations = true});
    ASSERT_TRUE(plan) << plan.error().message;
    for (const PlannedRun& run : plan->runs) {
      if (!run.evaluated.empty()) continue;
      Recipe options = presetRecipe(preset).value();
      for (const auto* words : {&run.defaults, &run.options}) {
        for (const std::string& word : *words) {
          const auto equals = word.find('=');
          const Status set = setRecipeOption(options, word.substr(0, equals), word.substr(equals + 1));
          EXPECT_TRUE(set) << preset << ", " << run.name << ": " << set.error().message;
        }
      }
      const Status checked = checkRecipe(options);
      EXPECT_TRUE(checked) << preset << ", " << run.name << ": " << checked.error().message;
    }
  }
}

}  // namespace
}  // namespace tagscape
