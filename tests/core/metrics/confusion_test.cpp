#include "core/metrics/confusion.h"

#include <gtest/gtest.h>

#include <vector>

namespace tagscape {
namespace {

constexpr std::uint8_t kWall = 0, kFloor = 1, kBed = 3;

TEST(Confusion, CountsIntersectionOverUnionByHand) {
  Confusion confusion;
  // wall: 3 right, 1 taken for floor; floor: 2 right, 1 taken for wall.
  confusion.add(std::vector<std::uint8_t>{0, 0, 0, 0, 1, 1, 1}, std::vector<std::uint8_t>{0, 0, 0, 1, 1, 1, 0});
  EXPECT_DOUBLE_EQ(confusion.iou(kWall).value(), 3.0 / 5);
  EXPECT_DOUBLE_EQ(confusion.iou(kFloor).value(), 2.0 / 4);
  EXPECT_DOUBLE_EQ(confusion.meanIou().value(), (0.6 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(confusion.accuracy().value(), 5.0 / 7);
  EXPECT_FALSE(confusion.iou(kBed)) << "a class that is nowhere has no IoU and does not lower the mean";
}

TEST(Confusion, LeavesOutWhatIsNotAnnotated) {
  Confusion confusion;
  confusion.add(kNoClass, kWall);
  EXPECT_EQ(confusion.total(), 0U);
  EXPECT_FALSE(confusion.meanIou());
  EXPECT_FALSE(confusion.accuracy());
}

TEST(Confusion, APredictionThatIsNoClassMissesTheRightOne) {
  Confusion confusion;
  confusion.add(kWall, kWall);
  confusion.add(kWall, kNoClass);
  confusion.add(kWall, 37);
  EXPECT_DOUBLE_EQ(confusion.iou(kWall).value(), 1.0 / 3);
  EXPECT_EQ(confusion.count(kWall, kNumClasses), 2U);
}

TEST(Confusion, AClassThatIsPredictedButNotThereHasAnIouOfZero) {
  Confusion confusion;
  confusion.add(kWall, kBed);
  EXPECT_DOUBLE_EQ(confusion.iou(kBed).value(), 0);
}

TEST(Confusion, SumsScenesBeforeDividing) {
  Confusion first, second;
  first.add(kWall, kWall);
  second.add(std::vector<std::uint8_t>{0, 0, 0}, std::vector<std::uint8_t>{1, 1, 1});
  first += second;
  EXPECT_DOUBLE_EQ(first.iou(kWall).value(), 0.25) << "and not the mean of 1 and 0";
}

TEST(Confusion, NeedsOnePredictionPerLabel) {
  Confusion confusion;
  EXPECT_THROW(confusion.add(std::vector<std::uint8_t>{0}, std::vector<std::uint8_t>{}), std::logic_error);
}

TEST(ResizedNearest, TakesThePixelUnderTheCentre) {
  Image<std::uint8_t> labels(4, 2, 1);
  for (std::size_t i = 0; i < labels.pixels.size(); ++i) labels.pixels[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(resizedNearest(labels, 2, 1).pixels, (std::vector<std::uint8_t>{5, 7}));
  EXPECT_EQ(resizedNearest(labels, 8, 2).pixels,
            (std::vector<std::uint8_t>{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7}));
}

}  // namespace
}  // namespace tagscape
