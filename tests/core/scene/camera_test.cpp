#include "core/scene/camera.h"

#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::kDoubleRounding;

TEST(Intrinsics, ResizingKeepsWhereAPointFallsInTheScene) {
  const Intrinsics camera{500, 510, 319.5, 239.5, 640, 480};
  const Intrinsics half = camera.resizedTo(320, 240);
  // The image's centre stays its centre, and its left edge (u = -0.5) its left edge.
  EXPECT_DOUBLE_EQ(half.cx, 159.5);
  EXPECT_DOUBLE_EQ(half.cy, 119.5);
  const double x_at_left_edge = (-0.5 - camera.cx) / camera.fx;
  EXPECT_NEAR(half.fx * x_at_left_edge + half.cx, -0.5, kDoubleRounding);
}

TEST(Intrinsics, ScanNetColourResizedToDepthHasTheFieldsFocalLength) {
  // 1170.188 px at 1296 pixels width is 577.87 px at 640, the number that public code uses.
  const Intrinsics color{1170.188, 1170.188, 647.75, 483.75, 1296, 968};
  constexpr double kTwoDecimals = .01;
  EXPECT_NEAR(color.resizedTo(640, 480).fx, 577.87, kTwoDecimals);
}

}  // namespace
}  // namespace tagscape
