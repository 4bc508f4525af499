#include "core/recipe/option_descriptor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

namespace tagscape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// Values that the option may have, as text: the ends of a range, every choice.
std::vector<std::string> valuesOf(const OptionDescriptor& option) {
  switch (option.kind) {
    case OptionKind::Flag:
      return {"true", "false"};
    case OptionKind::Integer:
    case OptionKind::Number: {
      Recipe recipe;
      const auto whole = [](double value) { return std::to_string(static_cast<long long>(value)); };
      const bool is_whole = option.kind == OptionKind::Integer;
      const auto text = [&](double value) { return is_whole ? whole(value) : std::to_string(value); };
      return {text(option.min), text(option.max), option.get(recipe)};
    }
    case OptionKind::Choice: {
      std::vector<std::string> words;
      for (const OptionChoice& choice : option.choices) words.emplace_back(choice.word);
      return words;
    }
    default:
      return {"", "some \"text\" with 'quotes', ümlauts = and # signs"};
  }
}

std::string refusalOf(std::string_view name, std::string_view text) {
  Recipe recipe;
  const Status status = setRecipeOption(recipe, name, text);
  return status ? "accepted" : status.error().message;
}

TEST(OptionDescriptors, AreNamedOnceAndExplained) {
  std::set<std::string_view> names, groups;
  std::string_view group;
  for (const OptionDescriptor& option : recipeOptions()) {
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_FALSE(option.help.empty()) << option.name;
    EXPECT_FALSE(option.source.empty()) << option.name;
    EXPECT_FALSE(option.group_title.empty()) << option.name;
    if (option.group != group) {
      EXPECT_TRUE(groups.insert(option.group).second) << "a group in pieces: " << option.group;
    }
    group = option.group;
    EXPECT_EQ(findRecipeOption(option.name), &option);
  }
  EXPECT_GT(names.size(), 70U);
}

TEST(OptionDescriptors, HaveDefaultsInRange) {
  for (const OptionDescriptor& option : recipeOptions()) {
    const Status status = option.check({});
    EXPECT_TRUE(status) << status.error().message;
  }
}

TEST(OptionDescriptors, ReadBackWhatTheyWrite) {
  for (const OptionDescriptor& option : recipeOptions()) {
    for (const std::string& value : valuesOf(option)) {
      Recipe recipe, other;
      const Status set = option.set(recipe, value);
      ASSERT_TRUE(set) << set.error().message;
      ASSERT_TRUE(option.set(other, option.get(recipe))) << option.name << " = " << option.get(recipe);
      EXPECT_EQ(option.get(other), option.get(recipe)) << option.name;
      if (option.kind != OptionKind::Number) {
        EXPECT_EQ(option.get(recipe), value) << option.name;
      }
    }
  }
}

TEST(OptionDescriptors, SetTheirOwnMemberAlone) {
  const Recipe initial;
  for (const OptionDescriptor& option : recipeOptions()) {
    for (const std::string& value : valuesOf(option)) {
      Recipe recipe;
      ASSERT_TRUE(option.set(recipe, value));
      for (const OptionDescriptor& other : recipeOptions()) {
        if (&other == &option) continue;
        EXPECT_EQ(other.get(recipe), other.get(initial)) << option.name << ", " << other.name;
      }
    }
  }
}

TEST(OptionDescriptors, ReachTheMembersOfRecipe) {
  Recipe recipe;
  ASSERT_TRUE(setRecipeOption(recipe, "joint_steps", "77"));
  ASSERT_TRUE(setRecipeOption(recipe, "image_lr", ".5"));
  ASSERT_TRUE(setRecipeOption(recipe, "flip_images", "false"));
  ASSERT_TRUE(setRecipeOption(recipe, "views", "multi"));
  ASSERT_TRUE(setRecipeOption(recipe, "depth_source", "surface"));
  ASSERT_TRUE(setRecipeOption(recipe, "start_from", "some/run"));
  EXPECT_EQ(recipe.phases.joint_steps, 77);
  EXPECT_EQ(recipe.optimisers.image_lr, .5);
  EXPECT_FALSE(recipe.images.flip_images);
  EXPECT_EQ(recipe.labels.views, LabelViews::Multi);
  EXPECT_EQ(recipe.visibility.depth_source, DepthSource::Surface);
  EXPECT_EQ(recipe.general.start_from, "some/run");
}

TEST(OptionDescriptors, RefuseTextThatIsNoValueNamingWhatItMayBe) {
  EXPECT_THAT(refusalOf("joint_steps", "many"), AllOf(HasSubstr("'joint_steps' is 'many'"), HasSubstr("whole number")));
  EXPECT_THAT(refusalOf("joint_steps", "3.5"), HasSubstr("from 0 to 10000000"));
  EXPECT_THAT(refusalOf("joint_steps", "99999999999999"), HasSubstr("joint_steps"));
  EXPECT_THAT(refusalOf("image_lr", "1e-3x"), HasSubstr("a number from 0 to 100"));
  EXPECT_THAT(refusalOf("flip_images", "perhaps"), HasSubstr("true or false"));
  EXPECT_THAT(refusalOf("crop_mode", "round"), HasSubstr("Choose square or resize"));
  EXPECT_THAT(refusalOf("image_optimizer", "lion"), HasSubstr("Choose sgd, adam or adamw"));
}

TEST(OptionDescriptors, RefuseValuesOutOfRange) {
  EXPECT_THAT(refusalOf("image_batch", "0"), AllOf(HasSubstr("'image_batch' is 0"), HasSubstr("from 1 to 1024")));
  EXPECT_THAT(refusalOf("joint_steps", "-1"), HasSubstr("-1"));
  EXPECT_THAT(refusalOf("crop_px", "100"), HasSubstr("a multiple of 8 from 16 to 4096"));
  EXPECT_THAT(refusalOf("image_lr", "nan"), HasSubstr("image_lr"));
  Recipe recipe;
  recipe.optimisers.image_lr = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(findRecipeOption("image_lr")->check(recipe));
  recipe.images.crop_mode = static_cast<CropMode>(7);
  EXPECT_FALSE(findRecipeOption("crop_mode")->check(recipe));
}

TEST(OptionDescriptors, AreUnchangedByWhatTheyRefuse) {
  for (const OptionDescriptor& option : recipeOptions()) {
    if (option.kind == OptionKind::Text || option.kind == OptionKind::File || option.kind == OptionKind::Folder)
      continue;
    Recipe recipe;
    EXPECT_FALSE(option.set(recipe, "-12345678901234567890")) << option.name;
    EXPECT_EQ(option.get(recipe), option.get({})) << option.name;
  }
}

TEST(OptionDescriptors, AreNamedNearWhereANameIsUnknown) {
  EXPECT_THAT(refusalOf("joint_step", "1"), HasSubstr("Did you mean joint_steps?"));
  EXPECT_THAT(refusalOf("image_optimiser", "sgd"), HasSubstr("image_optimizer"));
  EXPECT_THAT(refusalOf("no_such_option_at_all", "1"),
              AllOf(HasSubstr("no_such_option_at_all"), HasSubstr("--options")));
}

TEST(OptionDescriptors, AreNamedWhereAFormerNameIsGiven) {
  EXPECT_THAT(refusalOf("lift", "scene"), HasSubstr("views=multi"));
  EXPECT_THAT(refusalOf("reverse_after", ".3"), HasSubstr("warmup_fraction=.3"));
  EXPECT_THAT(refusalOf("use_confidence", "false"), HasSubstr("confidence=none"));
  EXPECT_THAT(refusalOf("vote", "segments"), HasSubstr("views=multi"));
  EXPECT_THAT(refusalOf("teacher_decay", ".9"), HasSubstr("removed"));
}

}  // namespace
}  // namespace tagscape
