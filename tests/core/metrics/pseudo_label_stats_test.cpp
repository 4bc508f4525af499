#include "core/metrics/pseudo_label_stats.h"

#include "tests/support/tolerances.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace tagscape {
namespace {

using testing::kFloatRounding;
using testing::kFloatSumRounding;

using ::testing::HasSubstr;

constexpr std::uint8_t kWall = 0, kFloor = 1, kBed = 3;

/// Five labels; one place of the floor is not reached.
PseudoLabelStats fewLabels() {
  PseudoLabelStats stats;
  stats.add(kWall, kWall, .95F);
  stats.add(kWall, kWall, .92F);
  stats.add(kWall, kFloor, .91F);
  stats.add(kFloor, kFloor, .35F);
  stats.add(kFloor, kBed, .31F);
  stats.add(kNoClass, kBed, .5F);
  for (int i = 0; i < 3; ++i) stats.addPlace(kWall, true);
  stats.addPlace(kFloor, true);
  stats.addPlace(kFloor, true);
  stats.addPlace(kFloor, false);
  stats.addPlace(kNoClass, true);
  return stats;
}

TEST(PseudoLabelStats, CountsPrecisionRecallAndCoverageByHand) {
  const auto stats = fewLabels();
  EXPECT_EQ(stats.numLabels(), 5U) << "what is not annotated is not evaluated";
  EXPECT_DOUBLE_EQ(stats.precision(kWall).value(), 1);
  EXPECT_DOUBLE_EQ(stats.recall(kWall).value(), 2. / 3);
  EXPECT_DOUBLE_EQ(stats.precision(kFloor).value(), 1. / 2);
  EXPECT_DOUBLE_EQ(stats.recall(kFloor).value(), 1. / 2);
  EXPECT_DOUBLE_EQ(stats.precision(kBed).value(), 0);
  EXPECT_FALSE(stats.recall(kBed)) << "there is none";
  EXPECT_DOUBLE_EQ(stats.coverage(kWall).value(), 1);
  EXPECT_DOUBLE_EQ(stats.coverage(kFloor).value(), 2. / 3);
  EXPECT_DOUBLE_EQ(stats.fractionOfLabels(kFloor), 2. / 5);
}

TEST(PseudoLabelStats, ComparesConfidenceWithAccuracyInBins) {
  const auto bins = fewLabels().calibration();
  EXPECT_EQ(bins[9].count, 3U);
  EXPECT_NEAR(bins[9].mean_confidence, (.95 + .92 + .91) / 3, kFloatRounding);
  EXPECT_DOUBLE_EQ(bins[9].accuracy, 2. / 3);
  EXPECT_EQ(bins[3].count, 2U);
  EXPECT_DOUBLE_EQ(bins[3].accuracy, .5);
  // (3 |.92667 - .66667| + 2 |.33 - .5|) / 5
  EXPECT_NEAR(fewLabels().calibrationError().value(), (3 * .26 + 2 * .17) / 5, kFloatSumRounding);
  EXPECT_FALSE(PseudoLabelStats().calibrationError());
}

TEST(PseudoLabelStats, TakesTheEndsOfConfidence) {
  PseudoLabelStats stats;
  stats.add(kWall, kWall, 1.F);
  stats.add(kWall, kWall, 0.F);
  stats.add(kWall, kWall, std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(stats.calibration()[9].count, 1U);
  EXPECT_EQ(stats.calibration()[0].count, 2U);
}

TEST(PseudoLabelStats, AddsUp) {
  auto sum = fewLabels();
  sum += fewLabels();
  EXPECT_EQ(sum.numLabels(), 10U);
  EXPECT_DOUBLE_EQ(sum.recall(kWall).value(), 2. / 3);
  EXPECT_DOUBLE_EQ(sum.coverage(kFloor).value(), 2. / 3);
  EXPECT_EQ(sum.calibration()[9].count, 6U);
}

TEST(FormatPseudoLabelStats, HasEveryFormat) {
  const std::vector<std::pair<std::string, PseudoLabelStats>> stats{{"image to points", fewLabels()}};
  const std::string text = formatPseudoLabelStats(stats, TableFormat::Text);
  EXPECT_THAT(text, HasSubstr("5 labels, 60.0 % right"));
  EXPECT_THAT(text, HasSubstr("0.9 to 1.0"));
  EXPECT_THAT(formatPseudoLabelStats(stats, TableFormat::Csv), HasSubstr("\nfloor,50.0,50.0,33.3,66.7,40.0\n"));
  EXPECT_THAT(formatPseudoLabelStats(stats, TableFormat::Markdown), HasSubstr("| floor "));
  const auto json = nlohmann::json::parse(formatPseudoLabelStats(stats, TableFormat::Json))["image to points"];
  EXPECT_EQ(json["labels"], 5);
  EXPECT_EQ(json["classes"]["floor"]["coverage"], 66.6667);
  EXPECT_TRUE(json["classes"]["bed"]["recall"].is_null());
  EXPECT_EQ(json["calibration"][3]["labels"], 2);
}

TEST(ThresholdCurve, LeavesOutWhatIsBelowTheThreshold) {
  ThresholdCurve curve;
  curve.add(kWall, kWall, .9F);
  curve.add(kWall, kFloor, .3F);
  curve.add(kFloor, kFloor, .6F);
  curve.add(kNoClass, kFloor, .9F);
  const auto steps = curve.steps();
  ASSERT_EQ(steps.size(), ThresholdCurve::kNumSteps);
  EXPECT_DOUBLE_EQ(steps[0].threshold, 0);
  EXPECT_DOUBLE_EQ(steps[0].labelled, 1);
  EXPECT_DOUBLE_EQ(steps[0].accuracy.value(), 2. / 3);
  EXPECT_DOUBLE_EQ(steps[0].mean_precision.value(), (1 + .5) / 2);
  EXPECT_DOUBLE_EQ(steps[0].mean_iou.value(), (.5 + .5) / 2);
  EXPECT_DOUBLE_EQ(steps[8].threshold, .4);
  EXPECT_DOUBLE_EQ(steps[8].labelled, 2. / 3);
  EXPECT_DOUBLE_EQ(steps[8].accuracy.value(), 1);
  EXPECT_DOUBLE_EQ(steps[8].mean_iou.value(), (.5 + 1) / 2) << "the wall below it is missed, the floor no longer wrong";
  EXPECT_DOUBLE_EQ(steps[14].mean_iou.value(), (.5 + 0) / 2);
  EXPECT_FALSE(steps[19].accuracy);
  EXPECT_TRUE(ThresholdCurve().steps().empty());
  EXPECT_THAT(formatCurves({{"3D CAM", curve}}, TableFormat::Csv), HasSubstr("\n0.40,66.7,100.0,100.0,75.0\n"));
  EXPECT_EQ(nlohmann::json::parse(formatCurves({{"3D CAM", curve}}, TableFormat::Json))["3D CAM"][8]["mean_iou"], 75.0);
}

}  // namespace
}  // namespace tagscape
