#include "core/cam/frame_views.h"

#include "core/scene/class_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace tagscape {
namespace {

using ::testing::ElementsAre;

/// Maps with `row` for class 0 and zeros for the others.
std::vector<float> ofClass0(std::vector<float> row) {
  row.resize(row.size() * kNumClasses, 0.F);
  return row;
}

std::vector<float> firstClass(const std::vector<float>& maps) {
  return {maps.begin(), maps.begin() + static_cast<std::ptrdiff_t>(maps.size() / kNumClasses)};
}

TEST(ResizedMaps, InterpolatesBetweenCellCentresAndClampsAtTheBorder) {
  const std::vector<float> two{0, 8};
  EXPECT_THAT(resizedMaps({two, 2, 1}, 4, 1, CellGrid{}), ElementsAre(0, 2, 6, 8));
  EXPECT_THAT(resizedMaps({two, 1, 2}, 1, 4, CellGrid{}), ElementsAre(0, 2, 6, 8));
  const std::vector<float> four{1, 2, 3, 4};
  EXPECT_THAT(resizedMaps({four, 2, 1}, 2, 1, CellGrid{}), ElementsAre(1, 2, 3, 4)) << "two maps as they are";
  const std::vector<float> three{1, 2, 3};
  EXPECT_THROW((void)resizedMaps({three, 2, 1}, 4, 1, CellGrid{}), std::logic_error);
}

TEST(ResizedMaps, MeetsTheCellsOfAnotherGridWhereTheyLie) {
  // In an image of 16 px, cells at 7 and 15 are read at 0 and 8: beyond the first centre, and 1/8 of the way on.
  const std::vector<float> cells{0, 8};
  EXPECT_THAT(resizedMaps({cells, 2, 1, {8, 7}}, 2, 1, {8, 0}), ElementsAre(0, 1));
}

TEST(MultiScaleLogits, FlipsMirroredLogitsBackBeforeTheMean) {
  MultiScaleLogits logits(CellGrid{});
  logits.add(ofClass0({1, 0}), 2, 1, false);
  logits.add(ofClass0({0, 3}), 2, 1, true);
  EXPECT_THAT(firstClass(logits.mean()), ElementsAre(2, 0));
}

TEST(MultiScaleLogits, AlignsTheCellsOfMirroredViews) {
  // Cells at 0 and 8 of 16 px; mirrored and flipped back, at 7 and 15.
  MultiScaleLogits logits(CellGrid{8, 0});
  logits.add(ofClass0({0, 0}), 2, 1, false);
  logits.add(ofClass0({16, 0}), 2, 1, true);
  EXPECT_THAT(firstClass(logits.mean()), ElementsAre(0, 1));
}

TEST(MultiScaleLogits, HasTheFinestGridOfTheViews) {
  MultiScaleLogits logits(CellGrid{});
  logits.add(ofClass0({4}), 1, 1, false);
  logits.add(ofClass0({0, 2}), 2, 1, false);
  EXPECT_EQ(logits.width(), 2);
  EXPECT_EQ(logits.height(), 1);
  EXPECT_THAT(firstClass(logits.mean()), ElementsAre(2, 3));
}

TEST(MultiScaleLogits, ActivationsAreMeansOfPositiveParts) {
  MultiScaleLogits logits(CellGrid{});
  logits.add(ofClass0({-4, 2}), 2, 1, false);
  logits.add(ofClass0({2, 2}), 2, 1, false);
  EXPECT_THAT(firstClass(logits.mean()), ElementsAre(-1, 2));
  EXPECT_THAT(firstClass(logits.activations()), ElementsAre(1, 2))
      << "a negative logit in one view takes nothing from another";
}

TEST(MultiScaleLogits, RefusesLogitsOfAnotherSize) {
  MultiScaleLogits logits(CellGrid{});
  EXPECT_THROW(logits.add({1, 2, 3}, 2, 1, false), std::logic_error);
}

TEST(Mirrored, TurnsColumnsRound) {
  RgbImage image(2, 1, 3);
  image.pixels = {1, 2, 3, 4, 5, 6};
  EXPECT_THAT(mirrored(image).pixels, ElementsAre(4, 5, 6, 1, 2, 3));
}

TEST(FrameViews, AreDescribedInWords) {
  EXPECT_EQ(describe(FrameViews{}), "frames at 1");
  EXPECT_EQ(describe(FrameViews{{.5, 1, 1.5, 2}, true}), "frames at 0.5, 1, 1.5, 2, mirrored too");
}

}  // namespace
}  // namespace tagscape
