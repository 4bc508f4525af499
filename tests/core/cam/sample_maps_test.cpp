#include "core/cam/sample_maps_torch.h"
#include "tests/support/gradients.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::expectGradientMatches;

/// Maps whose two classes hold the image x and y of each cell's centre, as the networks' convention has it.
at::Tensor coordinateMaps(std::int64_t cells, double stride) {
  const at::Tensor centre = (at::arange(cells, at::kDouble) + .5) * stride - .5;
  return at::stack({centre.view({1, cells}).expand({cells, cells}), centre.view({cells, 1}).expand({cells, cells})})
      .unsqueeze(0)
      .contiguous();
}

TEST(SampleMaps, FindsTheCellThatCoversAPixel) {
  const at::Tensor pixels = at::tensor({3.5, 3.5, 30.0, 12.25, 59.4, 20.1}, at::kDouble).view({1, 3, 2});
  const at::Tensor sampled = sampleMaps(coordinateMaps(8, 8), pixels, {8, 3.5});
  EXPECT_TRUE(at::allclose(sampled, pixels, 0, testing::kDoubleSumRounding)) << sampled;
}

TEST(SampleMaps, KnowsWhereTheFirstCellIsCentred) {
  // Cells of ResNet38 lie at pixels 0, 8, 16, …
  const at::Tensor pixels = at::tensor({8.F, 16.F, 12.F, 20.F}).view({1, 2, 2});
  const at::Tensor maps = coordinateMaps(8, 8);
  const at::Tensor sampled = sampleMaps(maps, pixels, {8, 0});
  EXPECT_TRUE(at::allclose(sampled[0][0], maps.select(3, 1).select(2, 2)[0]));
  const at::Tensor between = (maps.select(3, 1).select(2, 2) + maps.select(3, 2).select(2, 3))[0] / 2;
  EXPECT_TRUE(at::allclose(sampled[0][1], between)) << "coordinates are linear, so the middle is the mean";
}

TEST(SampleMaps, GradientMatchesFiniteDifferences) {
  at::manual_seed(7);
  const at::Tensor pixels = at::tensor({1.0, 2.0, 9.5, 14.0}, at::kDouble).view({1, 2, 2});
  const at::Tensor weight = at::randn({1, 2, 3}, at::kDouble);
  expectGradientMatches(
      [&](const at::Tensor& maps) {
        return (sampleMaps(maps, pixels, {8, 3.5}) * weight).sum();
      },
      at::randn({1, 3, 2, 2}, at::kDouble));
}

}  // namespace
}  // namespace tagscape
