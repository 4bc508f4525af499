#include "core/geometry/render_depth.h"

#include "core/geometry/visibility.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace tagscape {
namespace {

using testing::kFloatRounding;
using testing::kFloatSumRounding;

constexpr Intrinsics kCamera{40, 40, 15.5, 11.5, 32, 24};

/// A square of 2 x 2 m, 3 m in front of a camera at the origin, parallel to its image.
Mesh squareAt3m() {
  Mesh mesh;
  mesh.vertices.positions_m = {{-1, -1, 3}, {1, -1, 3}, {1, 1, 3}, {-1, 1, 3}};
  mesh.triangles = {{0, 1, 2}, {0, 2, 3}};
  return mesh;
}

TEST(DepthRenderer, GivesDepthAlongTheAxisAndNotAlongTheRay) {
  const auto depth = DepthRenderer::create(squareAt3m()).value().render(Pose::Identity(), kCamera);
  EXPECT_NEAR(depth.at(15, 11), 3, kFloatSumRounding);
  // The corner of the square at (1, 1, 3) is at pixel 15.5 + 40/3 = 28.8; a pixel inside it sees the same depth.
  EXPECT_NEAR(depth.at(28, 20), 3, kFloatSumRounding);
  EXPECT_EQ(depth.at(30, 11), 0);
}

TEST(DepthRenderer, FollowsThePose) {
  Pose pose = Pose::Identity();
  pose.translation() = Eigen::Vector3d(0, 0, 2);
  EXPECT_NEAR(DepthRenderer::create(squareAt3m()).value().render(pose, kCamera).at(15, 11), 1, kFloatSumRounding);
  pose.linear() = Eigen::AngleAxisd(3.14159265, Eigen::Vector3d::UnitY()).toRotationMatrix();
  EXPECT_EQ(DepthRenderer::create(squareAt3m()).value().render(pose, kCamera).at(15, 11), 0) << "it looks away";
}

TEST(DepthRenderer, IsAReferenceByWhichTheSurfaceItselfIsVisible) {
  Mesh mesh = squareAt3m();
  mesh.vertices.positions_m.insert(mesh.vertices.positions_m.end(),
                                   {{-0.2F, -0.2F, 2}, {0.2F, -0.2F, 2}, {0, 0.2F, 2}});
  mesh.triangles.push_back({4, 5, 6});  // stands in front of the square's middle
  const auto depth = DepthRenderer::create(mesh).value().render(Pose::Identity(), kCamera);
  const std::vector<Eigen::Vector3f> points{{0, 0, 2}, {0, 0, 3}, {0.6F, 0.4F, 3}};
  const auto visibility = computeVisibility(points, {Pose::Identity(), kCamera, kCamera, &depth});
  EXPECT_EQ(visibility.reason[0], Visibility::Visible);
  EXPECT_EQ(visibility.reason[1], Visibility::Occluded);
  EXPECT_EQ(visibility.reason[2], Visibility::Visible);
}

TEST(DepthRenderer, RefusesACloudWithoutTriangles) {
  Mesh cloud = squareAt3m();
  cloud.triangles.clear();
  EXPECT_EQ(DepthRenderer::create(cloud).error().code, ErrorCode::InvalidInput);
}

std::vector<Eigen::Vector3f> gridAt(float z, float spacing) {
  std::vector<Eigen::Vector3f> points;
  for (int i = -20; i <= 20; ++i) {
    for (int j = -20; j <= 20; ++j)
      points.emplace_back(spacing * static_cast<float>(i), spacing * static_cast<float>(j), z);
  }
  return points;
}

TEST(SplatDepth, ClosesTheGapsOfACloudAndHidesWhatLiesBehind) {
  auto points = gridAt(2, 0.05F);
  const auto depth = splatDepth(points, Pose::Identity(), kCamera, 0.05F);
  for (int y = 4; y < 20; ++y) {
    for (int x = 4; x < 28; ++x) ASSERT_FLOAT_EQ(depth.at(x, y), 2) << x << ", " << y;
  }
  const std::vector<Eigen::Vector3f> behind{{0.3F, 0.1F, 3}};
  EXPECT_EQ(computeVisibility(behind, {Pose::Identity(), kCamera, kCamera, &depth}).reason[0], Visibility::Occluded);
}

TEST(PointSpacing, IsTheDistanceOfNeighbours) {
  EXPECT_NEAR(pointSpacing_m(gridAt(1, 0.05F)), 0.05, kFloatSumRounding);
  EXPECT_EQ(pointSpacing_m({}), 0);
}

TEST(PointSpacing, IsTheMedianOfSamplesAmongPointsThatMayBeBroken) {
  // On a line, points lie 1, 2, 3, … apart; every one's nearest is the one before it, of the first the second.
  std::vector<Eigen::Vector3f> points;
  float x = 0;
  for (int i = 0; i < 201; ++i) points.emplace_back(x += static_cast<float>(i), 0, 0);
  constexpr double kTolerance_m = 1e-3;  // a difference of float32 coordinates of up to 20 km
  EXPECT_NEAR(pointSpacing_m(points, points.size()), 100, kTolerance_m);
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  points.insert(points.begin() + 100, 3, {kNan, 0, 0});
  EXPECT_NEAR(pointSpacing_m(points, points.size()), 100, kTolerance_m);
  EXPECT_EQ(pointSpacing_m(std::vector<Eigen::Vector3f>(3, {kNan, kNan, kNan})), 0);
}

TEST(MeshSpacing, IsTheMedianEdgeAndFallsBackToNeighbours) {
  Mesh mesh;
  mesh.vertices.positions_m = {{0, 0, 0}, {0.03F, 0, 0}, {0, 0.03F, 0}};
  mesh.triangles = {{0, 1, 2}};
  EXPECT_NEAR(meshSpacing_m(mesh), 0.03, kFloatRounding);
  mesh.triangles.clear();
  EXPECT_NEAR(meshSpacing_m(mesh), 0.03, kFloatRounding);
  EXPECT_GT(meshSpacing_m({}), 0);
}

}  // namespace
}  // namespace tagscape
