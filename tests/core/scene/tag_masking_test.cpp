#include "core/scene/tag_masking.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

constexpr std::size_t kWall = 0, kFloor = 1, kChair = 4;

/// Two points: one that is wall before floor before chair, one without a label; and frames 7 and 8 of 2 cells.
SceneCams cams() {
  SceneCams cams;
  cams.uses_tags = false;
  cams.point_labels = {kWall, kNoClass};
  cams.point_values.assign(2 * kNumClasses, 0.F);
  cams.point_values[kWall] = .2F;
  cams.point_values[kFloor] = .1F;
  cams.point_values[kChair] = .9F;
  cams.point_logits.assign(2 * kNumClasses, -5.F);
  cams.point_logits[kWall] = 3;
  cams.point_logits[kFloor] = 2;
  cams.point_logits[kChair] = 1;
  for (const int number : {7, 8}) cams.frames.push_back({number, 2, 1, std::vector<float>(2 * kNumClasses, .5F)});
  return cams;
}

TEST(MaskedByTags, SetsClassesWithoutATagToZeroAndLeavesTheOthers) {
  const SceneCams masked = maskedByTags(cams(), TagSet().set(kFloor).set(kChair), {});
  EXPECT_EQ(masked.point_values[kWall], 0);
  EXPECT_EQ(masked.point_values[kChair], .9F);
  EXPECT_TRUE(masked.uses_tags);
}

TEST(MaskedByTags, ChoosesLabelsAmongTheTagsByTheirLogits) {
  EXPECT_EQ(maskedByTags(cams(), TagSet().set(), {}).point_labels[0], kWall);
  EXPECT_EQ(maskedByTags(cams(), TagSet().set(kFloor).set(kChair), {}).point_labels[0], kFloor);
  EXPECT_EQ(maskedByTags(cams(), TagSet(), {}).point_labels[0], kNoClass);
  EXPECT_EQ(maskedByTags(cams(), TagSet().set(), {}).point_labels[1], kNoClass);
}

TEST(MaskedByTags, ChoosesByCamValuesWhereThereAreNoLogits) {
  SceneCams plain = cams();
  plain.point_logits.clear();
  EXPECT_EQ(maskedByTags(plain, TagSet().set(), {}).point_labels[0], kChair);
}

TEST(MaskedByTags, FramesHaveTheirOwnTagsOrTheScenes) {
  const SceneCams masked = maskedByTags(cams(), TagSet().set(kFloor), {{7, TagSet().set(kChair)}});
  EXPECT_EQ(masked.frame(7)->values[kChair * 2], .5F);
  EXPECT_EQ(masked.frame(7)->values[kFloor * 2], 0);
  EXPECT_EQ(masked.frame(8)->values[kFloor * 2 + 1], .5F);
  EXPECT_EQ(masked.frame(8)->values[kChair * 2], 0);
}

TEST(MaskedByTags, WholeFramesAreMaskedAmongMaskedOnes) {
  SceneCams mixed = cams();
  mixed.frames[1].is_whole = true;
  const SceneCams masked = withWholeFramesMasked(mixed, TagSet().set(kFloor), {});
  EXPECT_EQ(masked.frame(8)->values[kChair * 2], 0);
  EXPECT_EQ(masked.frame(8)->values[kFloor * 2], .5F);
  EXPECT_EQ(masked.frame(7)->values[kChair * 2], .5F) << "is what it was";
  EXPECT_EQ(masked.point_values, mixed.point_values);
  EXPECT_EQ(masked.point_labels, mixed.point_labels);
}

TEST(CamAt, IsTheCellsValueAtItsCentreAndMixesBetween) {
  FrameCams frame{0, 4, 2, std::vector<float>(kNumClasses * 8, 0.F)};
  frame.values[kChair * 8 + 1] = 1;  // cell (1, 0)
  // In an image of 40 x 20 pixels the centre of cell (1, 0) is at (14.5, 4.5).
  EXPECT_FLOAT_EQ(camAt(frame, kChair, 14.5F, 4.5F, 40, 20), 1);
  EXPECT_FLOAT_EQ(camAt(frame, kChair, 19.5F, 4.5F, 40, 20), .5F);
  EXPECT_FLOAT_EQ(camAt(frame, kChair, 14.5F, 9.5F, 40, 20), .5F);
  EXPECT_FLOAT_EQ(camAt(frame, kChair, 39, 19, 40, 20), 0);
}

}  // namespace
}  // namespace tagscape
