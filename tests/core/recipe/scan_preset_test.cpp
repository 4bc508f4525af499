#include "core/recipe/presets.h"
#include "core/recipe/recipe_check.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

Recipe atQuality(ScanQuality quality) {
  Recipe recipe = presetRecipe(kScanPreset).value();
  setScanQuality(recipe, quality);
  return recipe;
}

TEST(ScanPreset, IsBalancedAndLearnsLabels) {
  const Recipe recipe = presetRecipe(kScanPreset).value();
  EXPECT_EQ(recipe.scan.quality, ScanQuality::Balanced);
  EXPECT_EQ(recipe.phases.supervision, Supervision::Labels);
  EXPECT_EQ(recipe.scan.encoder_width_px, Recipe().scan.encoder_width_px)
      << "the table's defaults are the balanced ones";
  EXPECT_EQ(recipe.scan.head_steps, Recipe().scan.head_steps);
  EXPECT_EQ(recipe.scan.head_refit, Recipe().scan.head_refit);
  EXPECT_EQ(recipe.scan.decoder_steps, Recipe().scan.decoder_steps);
  EXPECT_EQ(recipe.scan.decoder_hidden, Recipe().scan.decoder_hidden);
}

TEST(ScanPreset, DoesMoreTheBetterItIs) {
  const Recipe fast = atQuality(ScanQuality::Fast), balanced = atQuality(ScanQuality::Balanced),
               best = atQuality(ScanQuality::Best);
  for (const Recipe* recipe : {&fast, &balanced, &best}) EXPECT_TRUE(checkRecipe(*recipe));
  EXPECT_LT(fast.scan.encoder_width_px, balanced.scan.encoder_width_px);
  EXPECT_LT(balanced.scan.encoder_width_px, best.scan.encoder_width_px);
  EXPECT_LT(fast.phases.image_steps, balanced.phases.image_steps);
  EXPECT_LT(balanced.phases.image_steps, best.phases.image_steps);
  EXPECT_EQ(best.scan.quality, ScanQuality::Best);
}

TEST(ScanPreset, KeepsWhatQualityDoesNotDecide) {
  Recipe recipe = presetRecipe(kScanPreset).value();
  recipe.general.seed = 7;
  recipe.scan.class_prior = ClassPrior::None;
  setScanQuality(recipe, ScanQuality::Fast);
  EXPECT_EQ(recipe.general.seed, 7U);
  EXPECT_EQ(recipe.scan.class_prior, ClassPrior::None);
}

}  // namespace
}  // namespace tagscape
