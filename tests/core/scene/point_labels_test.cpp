#include "core/scene/point_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kWall = 0, kFloor = 1, kChair = 4;

PointLabels threePoints() {
  return {"layer", "made here", {kWall, kChair, kNoClass}, {.25F, .5F, .75F}, {LabelOrigin::Prediction}};
}

TEST(PointLabels, GiveClassConfidenceAndSourceOfAPoint) {
  const PointLabels labels = threePoints();
  EXPECT_EQ(labels.size(), 3U);
  EXPECT_EQ(labels.numLabelled(), 2U);
  EXPECT_EQ(labels.at(1), (PointLabel{.5F, 0, kChair}));
  EXPECT_EQ(labels.sourceOf(1), LabelSource{LabelOrigin::Prediction});
  EXPECT_EQ(labels.confidence(2), 0) << "nothing is known of a point without a label";
}

TEST(PointLabels, AreCertainWithoutConfidences) {
  const PointLabels labels("layer", "", {kWall, kNoClass}, {}, {LabelOrigin::Truth});
  EXPECT_EQ(labels.confidence(0), 1);
  EXPECT_EQ(labels.confidence(1), 0);
}

TEST(PointLabels, TellSourcesApart) {
  PointLabels labels = threePoints();
  const auto frame = labels.rowOf({LabelOrigin::LiftedFrame, 120});
  EXPECT_EQ(labels.rowOf({LabelOrigin::LiftedFrame, 120}), frame) << "one row a source";
  EXPECT_NE(labels.rowOf({LabelOrigin::LiftedFrame, 121}), frame);
  labels.set(2, {1, frame, kFloor});
  EXPECT_EQ(labels.sourceOf(2), (LabelSource{LabelOrigin::LiftedFrame, 120}));
  EXPECT_EQ(labels.sourceOf(0), LabelSource{LabelOrigin::Prediction}) << "the others keep theirs";
}

TEST(PointLabels, KeepImpliedConfidencesWhenOneIsSet) {
  PointLabels labels("layer", "", {kWall, kNoClass, kChair}, {}, {});
  labels.set(0, {.5F, 0, kFloor});
  EXPECT_EQ(labels.confidence(0), .5F);
  EXPECT_EQ(labels.confidence(1), 0);
  EXPECT_EQ(labels.confidence(2), 1);
}

TEST(PointLabels, RefuseMoreSourcesThanAPointCanName) {
  PointLabels labels = threePoints();
  for (std::int32_t edit = 0; edit < 65'535; ++edit) (void)labels.rowOf({LabelOrigin::Edit, edit});
  EXPECT_EQ(labels.sources().size(), 65'536U);
  EXPECT_EQ(labels.rowOf({LabelOrigin::Edit, 65'534}), 65'535);
  EXPECT_THROW((void)labels.rowOf({LabelOrigin::Edit, 65'535}), std::length_error);
}

TEST(PointLabels, ExchangeUndoesAndRedoesAnEdit) {
  PointLabels labels = threePoints();
  LabelPatch patch{{0, 2}, {{1, labels.rowOf({LabelOrigin::Edit, 1}), kFloor}, {1, 1, kFloor}}};
  labels.exchange(patch);
  EXPECT_THAT(labels.classes(), ElementsAre(kFloor, kChair, kFloor));
  labels.exchange(patch);
  EXPECT_THAT(labels.classes(), ElementsAre(kWall, kChair, kNoClass));
  EXPECT_EQ(labels.confidence(0), .25F);
  EXPECT_EQ(labels.sourceOf(0), LabelSource{LabelOrigin::Prediction});
  labels.exchange(patch);
  EXPECT_EQ(labels.sourceOf(2), (LabelSource{LabelOrigin::Edit, 1}));
}

TEST(PointLabels, ExchangeChangesNothingWhereOneLabelIsWrong) {
  PointLabels labels = threePoints();
  LabelPatch no_class{{0, 1}, {{1, 0, kFloor}, {1, 0, kNumClasses}}};
  EXPECT_THROW(labels.exchange(no_class), std::logic_error);
  LabelPatch no_point{{0, 3}, {{1, 0, kFloor}, {1, 0, kFloor}}};
  EXPECT_THROW(labels.exchange(no_point), std::out_of_range);
  LabelPatch no_source{{0}, {{1, 1, kFloor}}};
  EXPECT_THROW(labels.exchange(no_source), std::logic_error);
  EXPECT_EQ(labels.classes(), threePoints().classes());
}

TEST(PointLabels, CopyPointsAndRanges) {
  const PointLabels labels = threePoints();
  const std::uint32_t last_and_first[] = {2, 0};
  EXPECT_THAT(labels.copy(last_and_first).labels, ElementsAre(labels.at(2), labels.at(0)));
  const LabelPatch range = labels.copy(1, 3);
  EXPECT_THAT(range.points, ElementsAre(1, 2));
  EXPECT_THAT(range.labels, ElementsAre(labels.at(1), labels.at(2)));
  EXPECT_THROW((void)labels.copy(2, 4), std::out_of_range);
}

TEST(PointLabels, RefuseWhatIsNoLayer) {
  EXPECT_THROW(PointLabels("", "", {kNumClasses}, {}, {}), std::logic_error);
  EXPECT_THROW(PointLabels("", "", {kWall, kWall}, {1}, {}), std::logic_error);
}

/// Two points; the first looks like a chair, among wall and floor like a wall. Of the second nothing was predicted.
SceneCams prediction(bool with_logits) {
  SceneCams cams;
  cams.scene_name = "room";
  cams.step = 120;
  cams.point_labels = {kChair, kNoClass};
  cams.point_values.resize(2 * kNumClasses);
  cams.point_values[kChair] = .75F;
  cams.point_values[kWall] = .25F;
  cams.point_values[kFloor] = .5F;
  if (!with_logits) return cams;
  cams.point_logits.resize(2 * kNumClasses, -9);
  cams.point_logits[kChair] = 3;
  cams.point_logits[kWall] = 2;
  cams.point_logits[kFloor] = 1;
  return cams;
}

TEST(LabelsOfPrediction, HaveTheActivationOfTheirClassAsConfidence) {
  const PointLabels labels = labelsOfPrediction(prediction(false));
  EXPECT_THAT(labels.classes(), ElementsAre(kChair, kNoClass));
  EXPECT_EQ(labels.confidence(0), .75F);
  EXPECT_EQ(labels.confidence(1), 0);
  EXPECT_EQ(labels.sourceOf(0).origin, LabelOrigin::Prediction);
  EXPECT_EQ(labels.provenance(), "at step 120, with tags");
}

TEST(LabelsOfPrediction, AreChosenAmongTheTagsByLogitsWhereThereAreSome) {
  const TagSet tags = TagSet().set(kWall).set(kFloor);
  const PointLabels by_logits = labelsOfPrediction(prediction(true), tags).value();
  EXPECT_THAT(by_logits.classes(), ElementsAre(kWall, kNoClass));
  EXPECT_EQ(by_logits.confidence(0), .25F);
  EXPECT_THAT(labelsOfPrediction(prediction(false), tags).value().classes(), ElementsAre(kFloor, kNoClass));
}

TEST(LabelsOfPrediction, NeedLogitsToForgetTags) {
  const PointLabels free = labelsOfPrediction(prediction(true), std::nullopt).value();
  EXPECT_THAT(free.classes(), ElementsAre(kChair, kNoClass));
  EXPECT_EQ(free.provenance(), "at step 120, without tags");
  const auto masked = labelsOfPrediction(prediction(false), std::nullopt);
  ASSERT_FALSE(masked);
  EXPECT_EQ(masked.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(masked.error().message, HasSubstr("no logits"));
  SceneCams without = prediction(false);
  without.uses_tags = false;
  EXPECT_TRUE(labelsOfPrediction(without, std::nullopt)) << "it is without tags as it is";
}

TEST(LabelsOfTruth, AreTheAnnotation) {
  Scene scene;
  scene.point_labels = {kFloor, kNoClass};
  const PointLabels labels = labelsOfTruth(scene);
  EXPECT_EQ(labels.classes(), scene.point_labels);
  EXPECT_EQ(labels.sourceOf(0).origin, LabelOrigin::Truth);
  EXPECT_EQ(labelsOfTruth(Scene{}).size(), 0U);
}

}  // namespace
}  // namespace tagscape
