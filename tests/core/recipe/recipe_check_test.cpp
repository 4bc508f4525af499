#include "core/recipe/recipe_check.h"

#include "core/recipe/presets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

/// The message for a recipe that is changed so, and the rule that says it.
std::string refused(void (*change)(Recipe&), std::string_view rule) {
  Recipe recipe;
  change(recipe);
  const auto broken = [&](const RecipeRule& candidate) {
    return candidate.name == rule && candidate.is_broken(recipe);
  };
  EXPECT_TRUE(std::ranges::any_of(recipeRules(), broken)) << rule;
  const Status status = checkRecipe(recipe);
  return status ? "accepted" : status.error().message;
}

TEST(Presets, AreInRangeAndExplained) {
  std::set<std::string_view> names;
  for (const RecipePreset& preset : recipePresets()) {
    EXPECT_TRUE(names.insert(preset.name).second) << preset.name;
    EXPECT_FALSE(preset.help.empty()) << preset.name;
    const auto recipe = presetRecipe(preset.name);
    ASSERT_TRUE(recipe) << preset.name;
    EXPECT_EQ(recipe->general.preset, preset.name);
    const Status status = checkRecipe(*recipe);
    EXPECT_TRUE(status) << preset.name << ": " << status.error().message;
  }
  EXPECT_GE(names.size(), 6U);
}

TEST(Presets, AreNamedWhereOneIsUnknown) {
  const auto unknown = presetRecipe("enormous");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(unknown.error().message, HasSubstr("quick, small, rooms-short"));
}

TEST(RecipeRules, NameWhatToSet) {
  EXPECT_THAT(refused([](Recipe& r) { r.phases.image_steps = r.phases.points_steps = r.phases.joint_steps = 0; },
                      "a-phase-with-steps"),
              HasSubstr("no phase"));
  EXPECT_THAT(refused([](Recipe& r) { r.phases.image_batch = 1; }, "batch-normalisation-needs-two"),
              HasSubstr("2 or more"));
  EXPECT_THAT(refused([](Recipe& r) { r.images.resize_min_px = 600; }, "resize-range"), HasSubstr("resize_max_px"));
  EXPECT_THAT(refused([](Recipe& r) { r.phases.supervision = Supervision::Labels; }, "labels-have-no-joint-phase"),
              HasSubstr("joint_steps"));
  const auto multi_view = [](Recipe& r) {
    r.labels.views = LabelViews::Multi;
    r.general.data_in_memory = false;
  };
  EXPECT_THAT(refused(multi_view, "multi-view-labels-need-all-frames"), HasSubstr("data_in_memory"));
  EXPECT_THAT(refused([](Recipe& r) { r.labels.min_tag_area = .04; }, "min-tag-area-needs-multi-view-labels"),
              HasSubstr("min_tag_area to 0"));
  EXPECT_THAT(refused([](Recipe& r) { r.labels.superpoint_lda = true; }, "superpoint-lda-needs-multi-view-labels"),
              HasSubstr("superpoint_lda to false"));
  EXPECT_THAT(refused([](Recipe& r) { r.labels.superpoint_mlp = true; }, "superpoint-mlp-needs-multi-view-labels"),
              HasSubstr("superpoint_mlp to false"));
}

TEST(RecipeRules, ComeAfterTheRangeOfEveryOption) {
  Recipe recipe;
  recipe.phases.image_batch = 0;
  EXPECT_THAT(checkRecipe(recipe).error().message, HasSubstr("from 1 to 1024"));
}

}  // namespace
}  // namespace tagscape
