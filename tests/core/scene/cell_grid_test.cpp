#include "core/scene/cell_grid.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

constexpr CellGrid kCentred{8, 3.5};
constexpr CellGrid kAtTheCorner{8, 0};

TEST(CellGrid, IsCentredWhereCellsLieInTheMiddleOfTheirPixels) {
  EXPECT_TRUE(kCentred.isCentred());
  EXPECT_TRUE((CellGrid{4, 1.5}).isCentred());
  EXPECT_FALSE(kAtTheCorner.isCentred());
}

TEST(CellGrid, IsMirroredWithItsImage) {
  EXPECT_EQ(kCentred.mirrored(), kCentred);
  EXPECT_EQ(kAtTheCorner.mirrored(), (CellGrid{8, 7}));
  EXPECT_EQ(kAtTheCorner.mirrored().mirrored(), kAtTheCorner);
}

TEST(CellAxis, HasCellCentresAtIntegers) {
  for (const int cell : {0, 1, 4}) {
    // All of these are exact: strides are powers of two.
    EXPECT_EQ(CellAxis(5, 40, kCentred).place(static_cast<float>(8 * cell) + 3.5F), static_cast<float>(cell));
    EXPECT_EQ(CellAxis(5, 40, kAtTheCorner).place(static_cast<float>(8 * cell)), static_cast<float>(cell));
  }
}

TEST(CellAxis, MeetsTheSamePlaceInAnImageOfAnotherResolution) {
  // Twice as large: the pixel (p + .5) * 2 - .5.
  EXPECT_EQ(CellAxis(5, 80, kCentred).place(2 * (8 + 3.5F) + .5F), 1);
  EXPECT_EQ(CellAxis(5, 80, kAtTheCorner).place(2 * 8 + .5F), 1);
}

TEST(CellAxis, KeepsTheBordersValueBeyondTheOutermostCentres) {
  const CellAxis axis(2, 16, kCentred);
  const CellPair before = axis.around(-5), after = axis.around(20);
  EXPECT_EQ(before.low, 0U);
  EXPECT_EQ(before.part, 0);
  EXPECT_EQ(after.low, 1U);
  EXPECT_EQ(after.high, 1U);
  EXPECT_EQ(after.part, 0);
}

TEST(CellAxis, ListsAllPixelsAsItFindsThemOneByOne) {
  const CellAxis axis(3, 7, kAtTheCorner);
  const auto pairs = axis.ofAllPixels();
  ASSERT_EQ(pairs.size(), 7U);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const CellPair alone = axis.around(static_cast<float>(i));
    EXPECT_EQ(pairs[i].low, alone.low);
    EXPECT_EQ(pairs[i].high, alone.high);
    EXPECT_EQ(pairs[i].part, alone.part);
  }
}

TEST(CellAxis, OfOneCellIsThatCellEverywhere) {
  for (const CellPair& pair : CellAxis(1, 3, kAtTheCorner).ofAllPixels()) {
    EXPECT_EQ(pair.low, 0U);
    EXPECT_EQ(pair.high, 0U);
  }
}

TEST(CellSampler, InterpolatesBetweenFourCells) {
  const float map[] = {0, 4, 8, 16};  // 2 x 2 cells, centres at 3.5 and 11.5
  const CellSampler sampler(kCentred, 2, 2, 16, 16);
  EXPECT_EQ(sampler.at(3.5F, 3.5F).of(map), 0);
  EXPECT_EQ(sampler.at(11.5F, 3.5F).of(map), 4);
  EXPECT_EQ(sampler.at(3.5F, 11.5F).of(map), 8);
  EXPECT_EQ(sampler.at(7.5F, 7.5F).of(map), 7) << "the mean of the four";
}

TEST(CellSampler, GivesTheSameByCellsAndWeights) {
  const float map[] = {0, 4, 8, 16, 32, 64};
  const CellBlend blend = CellSampler(kCentred, 3, 2, 24, 16).at(13.25F, 6);
  const auto cells = blend.cells();
  const auto weights = blend.weights();
  float sum = 0, value = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    sum += weights[k];
    value += weights[k] * map[cells[k]];
  }
  EXPECT_FLOAT_EQ(sum, 1);
  EXPECT_FLOAT_EQ(value, blend.of(map));
}

TEST(CellSampler, ReadsMapsWhoseFirstCellLiesAtTheCorner) {
  // A map of column numbers: its value at a pixel is pixel / stride, not (pixel - 3.5) / stride.
  const float map[] = {0, 1, 2, 3};
  const CellSampler sampler(kAtTheCorner, 4, 1, 32, 8);
  EXPECT_EQ(sampler.at(0, 0).of(map), 0);
  EXPECT_EQ(sampler.at(12, 3).of(map), 1.5F);
  EXPECT_EQ(sampler.at(31, 7).of(map), 3);
}

}  // namespace
}  // namespace tagscape
