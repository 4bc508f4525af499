#include "core/base/random.h"
#include "core/exchange/formats/brush_rle.h"
#include "core/exchange/formats/coco_rle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape::formats {
namespace {

using ::testing::ElementsAre;

Image<std::uint8_t> randomMask(int width, int height, double share, std::uint64_t seed) {
  Random random(seed);
  Image<std::uint8_t> mask(width, height, 1);
  for (auto& pixel : mask.pixels) pixel = random.uniform() < share ? 1 : 0;
  return mask;
}

TEST(CocoRunLengths, GoDownColumnsAndBeginWithZeros) {
  Image<std::uint8_t> mask(2, 3, 1);
  mask.at(0, 0) = mask.at(0, 1) = mask.at(1, 2) = 1;
  EXPECT_THAT(runLengthsOf(mask), ElementsAre(0, 2, 3, 1));
}

TEST(CocoRunLengths, AreGivenBack) {
  for (const double share : {0., .01, .5, 1.}) {
    const auto mask = randomMask(37, 23, share, 5);
    const auto runs = unpackRunLengths(packRunLengths(runLengthsOf(mask)));
    ASSERT_TRUE(runs);
    EXPECT_EQ(maskOfRunLengths(*runs, 37, 23)->pixels, mask.pixels) << share;
  }
}

TEST(CocoRunLengths, PackAsPycocotoolsDoes) {
  // pycocotools.mask.encode of a 5 x 4 mask whose columns 1 and 3 are set.
  EXPECT_EQ(packRunLengths({4, 4, 4, 4, 4}), "44400");
  EXPECT_EQ(packRunLengths({100, 3, 200, 3}), "T33X60");
}

TEST(CocoRunLengths, RefuseWhatFillsNoImage) {
  EXPECT_FALSE(maskOfRunLengths({3}, 2, 2));
  EXPECT_FALSE(maskOfRunLengths({3, 2}, 2, 2));
  EXPECT_FALSE(unpackRunLengths("o"));
  EXPECT_FALSE(unpackRunLengths("\n"));
}

TEST(BrushMask, IsGivenBack) {
  for (const double share : {0., .01, .5, 1.}) {
    const auto mask = randomMask(61, 40, share, 6);
    EXPECT_EQ(decodeBrush(encodeBrush(mask), 61, 40)->pixels, mask.pixels) << share;
  }
}

TEST(BrushMask, OfAnotherSizeOrCutShortIsRefused) {
  auto bytes = encodeBrush(randomMask(61, 40, .5, 7));
  EXPECT_FALSE(decodeBrush(bytes, 60, 40));
  bytes.resize(bytes.size() / 2);
  EXPECT_FALSE(decodeBrush(bytes, 61, 40));
  EXPECT_FALSE(decodeBrush({}, 61, 40));
}

}  // namespace
}  // namespace tagscape::formats
