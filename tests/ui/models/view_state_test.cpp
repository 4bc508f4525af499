// What the views share besides the scene: how it looks, what is pointed at, and tags that were changed.

#include "tests/ui/support/patch_scene.h"
#include "ui/models/document.h"

#include <QSignalSpy>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace tagscape {
namespace {

using testing::kChairClass;
using testing::kFloorClass;

TEST(DisplayStyle, SoloShowsOneClassAndThenAllAgain) {
  DisplayStyle look;
  QSignalSpy changes(&look, &DisplayStyle::changed);
  look.solo(kChairClass);
  EXPECT_TRUE(look.isShown(kChairClass));
  EXPECT_FALSE(look.isShown(kFloorClass));
  EXPECT_TRUE(look.isShown(kNoClass));
  look.solo(kChairClass);
  EXPECT_TRUE(look.isShown(kFloorClass));
  EXPECT_EQ(changes.count(), 2);
}

TEST(DisplayStyle, RangeStaysWithinZeroAndOneAndIsNeverEmpty) {
  DisplayStyle look;
  EXPECT_FALSE(look.isRangeLocked());
  look.lockRange(.8F, .2F);
  EXPECT_TRUE(look.isRangeLocked());
  EXPECT_FLOAT_EQ(look.heatRange().low, .8F);
  EXPECT_GT(look.heatRange().high, .8F);
  look.lockRange(0, 1);
  EXPECT_TRUE(look.isRangeLocked()) << "to just what it is anyway";
  look.unlockRange();
  EXPECT_FALSE(look.isRangeLocked());
  look.lockRange(-1, 7);
  EXPECT_EQ(look.heatRange(), HeatRange());
}

TEST(ViewLink, FocusIsTheHoveredPlaceElseTheSelectedOne) {
  ViewLink link;
  QSignalSpy focus(&link, &ViewLink::focusChanged);
  const LinkedPoint selected{LinkedPoint::Source::Image, {1, 2, 3}, 4},
      hovered{LinkedPoint::Source::Scene, {0, 0, 1}, 5};
  link.setSelected(selected);
  EXPECT_EQ(link.focus(), selected);
  link.setHovered(hovered);
  link.setHovered(hovered);
  EXPECT_EQ(link.focus(), hovered);
  link.setHovered({});
  EXPECT_EQ(link.focus(), selected);
  EXPECT_EQ(focus.count(), 3);
}

TEST(ViewLink, FindsTheObservingFrameThatDisagreesMostAndThoseBesideAFrame) {
  ViewLink link;
  EXPECT_FALSE(link.mostDisagreeing());
  link.setObservingFrames({{2, .1F}, {5, std::numeric_limits<float>::quiet_NaN()}, {9, .7F}, {12, .3F}});
  EXPECT_EQ(link.mostDisagreeing(), 9);
  EXPECT_EQ(link.observingFrameBeside(5, 1), 9);
  EXPECT_EQ(link.observingFrameBeside(5, -1), 2);
  EXPECT_FALSE(link.observingFrameBeside(2, -1));
  EXPECT_FALSE(link.observingFrameBeside(12, 1));
}

struct WhatIf : ::testing::Test {
  WhatIf() {
    document.setScene(testing::patchScene());
    EXPECT_TRUE(document.setCams(testing::patchCams(*document.scene())));
  }
  [[nodiscard]] float chairSum() const {
    float sum = 0;
    for (std::size_t i = 0; i < document.cams()->numPoints(); ++i)
      sum += document.cams()->point_values[i * kNumClasses + kChairClass];
    return sum;
  }
  Document document;
};

TEST_F(WhatIf, ShowsTheCamsAsTheyCameUntilATagIsChanged) {
  EXPECT_EQ(document.cams(), document.networkCams());
  EXPECT_FALSE(document.hasChangedTags());
}

TEST_F(WhatIf, TagThatIsTakenAwayTakesItsCamAndLabelsAlong) {
  QSignalSpy cams(&document, &Document::camsChanged), tags(&document, &Document::tagsChanged);
  const float before = chairSum();
  ASSERT_GT(before, 100);
  document.toggleSceneTag(kChairClass);
  EXPECT_FALSE(document.sceneTags().test(kChairClass));
  EXPECT_EQ(chairSum(), 0);
  for (const std::uint8_t label : document.cams()->point_labels) EXPECT_NE(label, kChairClass);
  document.toggleSceneTag(kChairClass);
  EXPECT_EQ(chairSum(), before);
  EXPECT_EQ(cams.count(), 2);
  EXPECT_EQ(tags.count(), 2);
}

TEST_F(WhatIf, TagOfAFrameChangesThatFrameAlone) {
  document.toggleFrameTag(kChairClass);
  EXPECT_FALSE(document.frameTags(0).test(kChairClass));
  EXPECT_TRUE(document.sceneTags().test(kChairClass));
  EXPECT_GT(chairSum(), 100);
  for (const float value : document.cams()->frame(0)->values) EXPECT_EQ(value, 0);
  document.resetTags();
  EXPECT_EQ(document.cams(), document.networkCams());
}

TEST_F(WhatIf, AnotherSceneHasItsOwnTags) {
  document.toggleSceneTag(kChairClass);
  document.setScene(testing::smallScene());
  EXPECT_FALSE(document.hasChangedTags());
  EXPECT_TRUE(document.sceneTags().test(kChairClass));
}

TEST_F(WhatIf, PredictionMadeWithTagsLacksClassesThatAreAdded) {
  constexpr std::size_t kWall = 0;
  EXPECT_TRUE(document.lackedByPoints().none());
  document.toggleSceneTag(kChairClass);
  EXPECT_TRUE(document.lackedByPoints().none()) << "taking away needs no other prediction";
  document.toggleSceneTag(kWall);
  EXPECT_EQ(document.lackedByPoints(), TagSet().set(kWall));
  EXPECT_TRUE(document.lackedByFrame().none()) << "it has tags of its own";
  document.toggleFrameTag(kWall);
  EXPECT_EQ(document.lackedByFrame(), TagSet().set(kWall));
  document.setFrameIndex(1);
  EXPECT_TRUE(document.lackedByFrame().none()) << "no maps, so nothing lacks in them";
  auto all = std::make_shared<SceneCams>(*testing::patchCams(*document.scene()));
  all->uses_tags = false;
  ASSERT_TRUE(document.setCams(all));
  EXPECT_TRUE(document.lackedByPoints().none()) << "made without tags: it has all classes";
}

TEST_F(WhatIf, KnowsAddedClassesThatTheNetworksSeeNothingOf) {
  constexpr std::size_t kWall = 0, kSofa = 5;
  auto all = std::make_shared<SceneCams>(*testing::patchCams(*document.scene()));
  all->uses_tags = false;
  all->point_values[kWall] = .1F;
  ASSERT_TRUE(document.setCams(all));
  document.toggleSceneTag(kWall);
  document.toggleSceneTag(kSofa);
  EXPECT_EQ(document.addedInVain(), TagSet().set(kSofa));
  document.resetTags();
  EXPECT_TRUE(document.addedInVain().none());
  document.toggleFrameTag(kWall);
  EXPECT_EQ(document.addedInVain(), TagSet().set(kWall)) << "on points alone";
}

TEST_F(WhatIf, NewerCamsOfTheRunAreMaskedTheSameWay) {
  document.toggleSceneTag(kChairClass);
  ASSERT_TRUE(document.setCams(testing::patchCams(*document.scene())));
  EXPECT_EQ(chairSum(), 0);
}

}  // namespace
}  // namespace tagscape
