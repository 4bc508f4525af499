#include "core/experiment/experiment_results.h"

#include "core/experiment/gain_report.h"
#include "tests/support/tolerances.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tagscape {
namespace {

using testing::kDoubleRounding;

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

/// IoU of wall and floor; the mean follows.
ExperimentResult result(const std::string& name,
                        const std::string& domain,
                        const std::string& split,
                        EvaluationProtocol protocol,
                        int model_seed,
                        double wall,
                        double floor) {
  ExperimentResult made;
  made.row.name = name;
  made.row.domain = domain;
  made.row.split = split;
  made.row.protocol = nameOf(protocol);
  made.row.iou[0] = wall;
  made.row.iou[1] = floor;
  made.row.mean_iou = (wall + floor) / 2;
  made.row.accuracy = .5;
  made.row.num_evaluated = 100;
  made.data_seed = 1;
  made.model_seed = model_seed;
  made.seconds = 10 * model_seed;
  return made;
}

std::vector<ExperimentResult> twoSeeds() {
  constexpr auto kTags = EvaluationProtocol::WithTags;
  return {result("joint", "2D", "val", kTags, 1, .40, .60),
          result("joint", "3D", "val", kTags, 1, .30, .50),
          result("control", "2D", "val", kTags, 1, .50, .30),
          result("control", "2D", "val", EvaluationProtocol::Cam, 1, .10, .20),
          result("control", "3D", "val", kTags, 1, .05, .05),
          result("control", "3D", "val", EvaluationProtocol::Cam, 1, .10, .20),
          result("supervised", "2D", "val", kTags, 1, .8, .8),
          result("joint", "2D", "val", kTags, 2, .30, .50),
          result("control", "2D", "val", kTags, 2, .38, .38)};
}

TEST(SpreadOf, IsThatOfASample) {
  const Spread spread = spreadOf({.2, .4, .9});
  EXPECT_EQ(spread.count, 3);
  EXPECT_DOUBLE_EQ(spread.mean, .5);
  EXPECT_NEAR(spread.deviation, .36055512754639896, kDoubleRounding);  // sqrt((.09 + .01 + .16) / 2)
  EXPECT_DOUBLE_EQ(spread.min, .2);
  EXPECT_DOUBLE_EQ(spread.max, .9);
  EXPECT_EQ(percentText(spread), "50.0 ± 36.1");
  EXPECT_EQ(percentText(spreadOf({.25})), "25.0");
  EXPECT_EQ(percentText({}), "-");
}

TEST(ResultsSummary, HasARowForEachRunAndProtocolWithMeansOverSeeds) {
  const auto rows = summarise(twoSeeds());
  ASSERT_THAT(rows, SizeIs(4));
  EXPECT_EQ(rows[0].name, "joint");
  EXPECT_DOUBLE_EQ(rows[0].miou.at({"2D", "val"}).mean, .45);
  EXPECT_EQ(rows[0].miou.at({"2D", "val"}).count, 2);
  EXPECT_DOUBLE_EQ(rows[0].seconds.mean, 15) << "a training counts once, though it is evaluated in two domains";
  EXPECT_EQ(rows[2].protocol, "CAM");

  const std::string text = formatSummary(twoSeeds(), TableFormat::Text);
  EXPECT_THAT(text, HasSubstr("45.0 ± 7.1"));
  EXPECT_THAT(text, HasSubstr("2D val"));
  const std::string csv = formatSummary(twoSeeds(), TableFormat::Csv);
  EXPECT_THAT(csv, HasSubstr("\njoint,with tags,45.00,7.07,40.00,50.00,2,40.00,0.00,40.00,40.00,1,15.0\n"));
  EXPECT_THAT(csv, HasSubstr("\nsupervised,with tags,80.00,0.00,80.00,80.00,1,,,,,0,10.0\n"));
}

TEST(MeanRows, AverageClassesOverSeeds) {
  const auto rows = meanRows(twoSeeds(), "2D", "val", nameOf(EvaluationProtocol::WithTags));
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_DOUBLE_EQ(rows[0].iou[0].value(), .35);
  EXPECT_DOUBLE_EQ(rows[0].mean_iou.value(), .45);
  EXPECT_FALSE(rows[0].iou[2]);
}

TEST(ResultsJson, HoldsEveryResultWithItsSeedsAndClasses) {
  const auto json = nlohmann::json::parse(formatResultsJson(twoSeeds(), {{"preset", "rooms"}}));
  EXPECT_EQ(json["about"]["preset"], "rooms");
  ASSERT_EQ(json["results"].size(), 9U);
  const auto& first = json["results"][0];
  EXPECT_EQ(first["name"], "joint");
  EXPECT_EQ(first["model_seed"], 1);
  EXPECT_EQ(first["data_seed"], 1);
  EXPECT_EQ(first["split"], "val");
  EXPECT_EQ(first["domain"], "2D");
  EXPECT_EQ(first["protocol"], "with tags");
  EXPECT_EQ(first["iou"]["wall"], 40.0);
  EXPECT_TRUE(first["iou"]["bed"].is_null());
  EXPECT_EQ(first["iou"].size(), static_cast<std::size_t>(kNumClasses));
  EXPECT_EQ(first["miou"], 50.0);
  EXPECT_EQ(first["seconds"], 10.0);
}

TEST(GainsOverControl, CompareWithTheBetterProtocolOfTheControlOfTheSameSeeds) {
  const auto gains = gainsOf(twoSeeds(), RequiredGain{9, 20});
  ASSERT_THAT(gains, SizeIs(3));
  EXPECT_EQ(gains[0].control_protocol, "with tags");
  EXPECT_NEAR(gains[0].gain(), .10, kDoubleRounding);
  EXPECT_TRUE(gains[0].isReached());
  EXPECT_DOUBLE_EQ(gains[0].ceiling.value(), .8);
  EXPECT_DOUBLE_EQ(gains[0].wall_joint.value(), .4);
  EXPECT_DOUBLE_EQ(gains[0].wall_control.value(), .5);
  EXPECT_EQ(gains[0].num_classes_found, 2);
  EXPECT_EQ(gains[1].domain, "2D");
  EXPECT_EQ(gains[1].model_seed, 2);
  EXPECT_NEAR(gains[1].gain(), .02, kDoubleRounding);
  EXPECT_FALSE(gains[1].isReached());
  EXPECT_EQ(gains[2].domain, "3D");
  EXPECT_EQ(gains[2].control_protocol, "CAM");
  EXPECT_NEAR(gains[2].gain(), .25, kDoubleRounding);
}

TEST(GainReport, SaysWhatWasReachedAndWhatWasMissed) {
  const std::string text = formatGains(gainsOf(twoSeeds(), RequiredGain{9, 20}), TableFormat::Text);
  EXPECT_THAT(text,
              HasSubstr("2D val: joint gains +6.0 on its control on average, +2.0 at least, over 2 pairs of seeds; "
                        "the required +9 are missed in 1 of 2 cases; 62 % of the ceiling; wall -9.0."));
  EXPECT_THAT(text, HasSubstr("3D val: joint gains +25.0 on its control; the required +20 are reached; wall +20.0."));
  EXPECT_THAT(text, HasSubstr("On val, 3D is below 2D by 5.0"));
  EXPECT_THAT(formatGains(gainsOf(twoSeeds(), std::nullopt), TableFormat::Markdown), Not(HasSubstr("asked for")));
  EXPECT_THAT(formatGains({}, TableFormat::Text), HasSubstr("Nothing to compare"));
}

}  // namespace
}  // namespace tagscape
