#include "core/recipe/recipe_file.h"

#include "core/base/files.h"
#include "core/recipe/option_descriptor.h"
#include "core/recipe/presets.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A value that is not the default.
std::string otherValueOf(const OptionDescriptor& option) {
  switch (option.kind) {
    case OptionKind::Flag:
      return option.get({}) == "true" ? "false" : "true";
    case OptionKind::Integer:
      return std::to_string(static_cast<long long>(option.number({}) == option.max ? option.min : option.max));
    case OptionKind::Number:
      return std::to_string(option.number({}) == option.max ? option.min : option.max);
    case OptionKind::Choice:
      return std::string(option.choices.back().word == option.get({}) ? option.choices.front().word
                                                                      : option.choices.back().word);
    default:
      return "some \"text\" with 'quotes', \\ and # signs";
  }
}

Result<RecipeFile> readText(std::string_view text) {
  const testing::TemporaryFolder folder;
  return readRecipeFile(folder.write("config.toml", text));
}

/// A file that the former version wrote for three phases of a few steps each.
std::filesystem::path formerFile(std::string_view preset) {
  return std::filesystem::path(TAGSCAPE_SOURCE_DIR) / "tests/golden" / ("format1_" + std::string(preset) + ".toml");
}

void shorten(Recipe& recipe, int image_steps, int points_steps, int joint_steps) {
  recipe.phases.image_steps = image_steps;
  recipe.phases.points_steps = points_steps;
  recipe.phases.joint_steps = joint_steps;
  recipe.execution.log_every_steps = 1;
  recipe.execution.num_threads = 1;
}

TEST(RecipeFile, BringsBackEveryOption) {
  for (const OptionDescriptor& option : recipeOptions()) {
    Recipe recipe;
    const Status set = option.set(recipe, otherValueOf(option));
    ASSERT_TRUE(set) << set.error().message;
    ASSERT_NE(option.get(recipe), option.get({})) << option.name;
    const auto back = readText(formatRecipe(recipe));
    ASSERT_TRUE(back) << option.name << ": " << back.error().message;
    EXPECT_EQ(formatRecipe(back->recipe), formatRecipe(recipe)) << option.name;
    EXPECT_THAT(back->warnings, IsEmpty());
  }
}

TEST(RecipeFile, BringsBackEveryPreset) {
  for (const RecipePreset& preset : recipePresets()) {
    const Recipe recipe = presetRecipe(preset.name).value();
    const auto back = readText(formatRecipe(recipe));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(formatRecipe(back->recipe), formatRecipe(recipe)) << preset.name;
  }
}

TEST(RecipeFile, LeavesOptionsThatItLacksAtTheirDefaults) {
  const auto file = readText("format = 3\n[train]\npreset = 'rooms'\nviews = 'multi'\nsuperpoint_lda = true\n");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(file->recipe.labels.superpoint_lda);
  EXPECT_FALSE(file->recipe.labels.superpoint_mlp) << "the preset of today has it, the run did not";
}

TEST(RecipeFile, OfTheFormerFormatIsWhatItsPresetIsToday) {
  Recipe small = presetRecipe("small").value();
  shorten(small, 20, 10, 20);
  Recipe rooms = presetRecipe("rooms").value();
  shorten(rooms, 15, 8, 16);
  for (const Recipe& expected : {small, rooms}) {
    const auto file = readRecipeFile(formerFile(expected.general.preset));
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(formatRecipe(file->recipe), formatRecipe(expected));
    EXPECT_THAT(file->warnings, IsEmpty());
  }
}

TEST(RecipeFile, OfTheFormerFormatKeepsThePublishedConfiguration) {
  const auto file = readRecipeFile(formerFile("scannet"));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->recipe.networks.image_network, ImageNetworkKind::Resnet38);
  EXPECT_EQ(file->recipe.labels.confidence, ConfidenceKind::Tagged);
  EXPECT_EQ(file->recipe.points_teach_images.refinement, Refinement::Cam);
  EXPECT_EQ(file->recipe.points_teach_images.warmup_fraction, 3. / 40);
  EXPECT_EQ(file->recipe.images.crop_px, 64);
  EXPECT_THAT(file->warnings, IsEmpty());
}

TEST(RecipeFile, NamesFormerSettingsThatNoLongerExist) {
  const auto file = readText(
      "[train]\nteacher_decay = 0.99\nbalance_end = -1.0\nscore = 'margin'\nrefinement = 'affinity'\nvote = "
      "'segments'\n"
      "lift = 'frame'\nlift_rounds = 8\n");
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->warnings.size(), 1U);
  EXPECT_THAT(file->warnings.front(),
              AllOf(HasSubstr("teacher_decay = 0.99 (no longer exists)"),
                    HasSubstr("score = margin (now probability)"),
                    HasSubstr("refinement = affinity (now labels)"),
                    HasSubstr("vote = segments"),
                    HasSubstr("lift_rounds = 8"),
                    Not(HasSubstr("balance_end"))));
}

TEST(RecipeFile, OfTheFormerFormatJoinsConfidenceAndItsSwitch) {
  const auto off = readText("[train]\nuse_confidence = false\nscore = 'tagged'\n");
  ASSERT_TRUE(off) << off.error().message;
  EXPECT_EQ(off->recipe.labels.confidence, ConfidenceKind::None);
  const auto on = readText("[train]\nuse_confidence = true\nscore = 'tagged'\n");
  ASSERT_TRUE(on) << on.error().message;
  EXPECT_EQ(on->recipe.labels.confidence, ConfidenceKind::Tagged);
}

TEST(RecipeFile, OfFormat2CallsTheProbabilityShare) {
  const auto file = readText("format = 2\n[train]\nconfidence = 'share'\nviews = 'multi'\n");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->recipe.labels.confidence, ConfidenceKind::Probability);
  EXPECT_EQ(file->recipe.labels.views, LabelViews::Multi);
  EXPECT_THAT(file->warnings, IsEmpty());
}

TEST(RecipeFile, RefusesWhatItCannotReadWithTheLine) {
  for (const auto& [text, part] : {std::pair{"[train]\nseed = \n", "line 2"},
                                   {"[other]\nseed = 1\n", "[train]"},
                                   {"[train]\nseed = 1\nspeed = 9\n", "line 3"},
                                   {"[train]\nseed = [1]\n", "seed"},
                                   {"[train]\nlift = 'sideways'\n", "line 2"},
                                   {"format = 3\n[train]\nlift = 'scene'\n", "views=multi"},
                                   {"format = 4\n[train]\nseed = 1\n", "its format is 4"}}) {
    const auto options = readText(text);
    ASSERT_FALSE(options) << text;
    EXPECT_EQ(options.error().code, ErrorCode::InvalidInput);
    EXPECT_THAT(options.error().message, HasSubstr(part));
  }
  EXPECT_EQ(readRecipeFile("no/such/file").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace tagscape
