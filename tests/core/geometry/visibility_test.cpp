#include "core/geometry/visibility.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace tagscape {
namespace {

using testing::kFloatSumRounding;

constexpr float kPixelTolerance = 1e-3F;  // single precision at 640 pixels

/// A camera at the origin that looks along the world's +x: its x is the world's -y, its y the world's -z.
Pose lookingAlongX() {
  Pose world_from_camera = Pose::Identity();
  world_from_camera.linear() << 0, 0, 1, -1, 0, 0, 0, -1, 0;
  return world_from_camera;
}

class ComputeVisibility : public ::testing::Test {
 protected:
  ComputeVisibility() : depth_(64, 48, 1, 2.0F) {
    frame_.world_from_camera = lookingAlongX();
    frame_.color = {500, 500, 319.5, 239.5, 640, 480};
    frame_.depth = {50, 50, 31.5, 23.5, 64, 48};
    frame_.depth_image = &depth_;
  }
  VisibilityResult visibilityOf(const Eigen::Vector3f& point, const DepthTolerance& tolerance = {}) const {
    const std::vector<Eigen::Vector3f> points{point};
    return computeVisibility(points, frame_, tolerance);
  }
  Visibility reason(const Eigen::Vector3f& point) const { return visibilityOf(point).reason[0]; }

  DepthImage depth_;
  FrameView frame_;
};

TEST_F(ComputeVisibility, MapsThePrincipalRayToThePrincipalPoint) {
  const auto visibility = visibilityOf({2, 0, 0});
  EXPECT_NEAR(visibility.pixel[0].x(), 319.5, kPixelTolerance);
  EXPECT_NEAR(visibility.pixel[0].y(), 239.5, kPixelTolerance);
  EXPECT_FLOAT_EQ(visibility.depth_m[0], 2);
  EXPECT_EQ(visibility.reason[0], Visibility::Visible);
}

TEST_F(ComputeVisibility, MapsAPointLeftAndAboveByHand) {
  // 0.4 m to the left (+y) and 0.2 m up (+z) at 2 m: u = 319.5 - 500 * .4 / 2, v = 239.5 - 500 * .2 / 2.
  const auto visibility = visibilityOf({2, 0.4F, 0.2F});
  EXPECT_NEAR(visibility.pixel[0].x(), 219.5, kPixelTolerance);
  EXPECT_NEAR(visibility.pixel[0].y(), 189.5, kPixelTolerance);
}

TEST_F(ComputeVisibility, FollowsACameraThatMovedAndTurned) {
  Pose pose = Pose::Identity();
  pose.linear() = Eigen::AngleAxisd(0.7, Eigen::Vector3d(1, 2, 3).normalized()).toRotationMatrix();
  pose.translation() = Eigen::Vector3d(3, -2, 1);
  frame_.world_from_camera = pose;
  const Eigen::Vector3d in_camera(0.3, -0.2, 2.0);
  const auto visibility = visibilityOf((pose * in_camera).cast<float>());
  EXPECT_NEAR(visibility.pixel[0].x(), 319.5 + 500 * 0.3 / 2, kPixelTolerance);
  EXPECT_NEAR(visibility.pixel[0].y(), 239.5 - 500 * 0.2 / 2, kPixelTolerance);
  EXPECT_NEAR(visibility.depth_m[0], 2, kFloatSumRounding);
}

TEST_F(ComputeVisibility, GivesEveryPointItsReason) {
  EXPECT_EQ(reason({2, 0, 0}), Visibility::Visible);
  EXPECT_EQ(reason({2.2F, 0, 0}), Visibility::Occluded);
  EXPECT_EQ(reason({1.5F, 0, 0}), Visibility::InFront);
  EXPECT_EQ(reason({2, 3, 0}), Visibility::Outside);
  EXPECT_EQ(reason({-2, 0, 0}), Visibility::Behind);
  EXPECT_EQ(reason({0.01F, 0, 0}), Visibility::Behind);
  depth_.pixels.assign(depth_.pixels.size(), 0);
  EXPECT_EQ(reason({2, 0, 0}), Visibility::NoDepth);
  frame_.depth_image = nullptr;
  EXPECT_EQ(reason({2, 0, 0}), Visibility::NoDepth);
  frame_.world_from_camera.reset();
  EXPECT_EQ(reason({2, 0, 0}), Visibility::NoPose);
}

TEST_F(ComputeVisibility, PointsThatAreNotFiniteAreNeverInView) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  for (const auto& point : {Eigen::Vector3f(kNan, 0, 0),
                            Eigen::Vector3f(kInf, 0, 0),
                            Eigen::Vector3f(2, kNan, 0),
                            Eigen::Vector3f(2, kInf, kInf)}) {
    const Visibility found = reason(point);
    EXPECT_TRUE(found == Visibility::Behind || found == Visibility::Outside);
  }
}

TEST_F(ComputeVisibility, TheImageEndsHalfAPixelBeyondItsOuterPixelCentres) {
  const auto pointAtColumn = [](double u) { return Eigen::Vector3f(2, static_cast<float>(-(u - 319.5) / 500 * 2), 0); };
  EXPECT_EQ(reason(pointAtColumn(-0.49)), Visibility::Visible);
  EXPECT_EQ(reason(pointAtColumn(-0.51)), Visibility::Outside);
  EXPECT_EQ(reason(pointAtColumn(639.49)), Visibility::Visible);
  EXPECT_EQ(reason(pointAtColumn(639.51)), Visibility::Outside);
}

TEST_F(ComputeVisibility, TheToleranceGrowsWithDepthAboveItsLeastValue) {
  // At 2 m it is max(.05, .04) = .05; at 4 m .08.
  EXPECT_EQ(reason({2.049F, 0, 0}), Visibility::Visible);
  EXPECT_EQ(reason({2.051F, 0, 0}), Visibility::Occluded);
  depth_.pixels.assign(depth_.pixels.size(), 4.0F);
  EXPECT_EQ(reason({4.07F, 0, 0}), Visibility::Visible);
  EXPECT_EQ(reason({4.09F, 0, 0}), Visibility::Occluded);
}

TEST_F(ComputeVisibility, DepthIsReadAtTheNearestPixelOfTheDepthImage) {
  // Depth pixel (40, 30) sees the direction ((40 - 31.5) / 50, (30 - 23.5) / 50).
  depth_.at(40, 30) = 3.0F;
  const auto alongRay = [](double u, double v, double z) {
    return Eigen::Vector3f(
        static_cast<float>(z), static_cast<float>(-(u - 31.5) / 50 * z), static_cast<float>(-(v - 23.5) / 50 * z));
  };
  EXPECT_EQ(reason(alongRay(40.4, 29.6, 3)), Visibility::Visible);
  EXPECT_EQ(reason(alongRay(40.6, 30, 3)), Visibility::Occluded);  // the neighbour measured 2 m
}

TEST_F(ComputeVisibility, ApplyingAToleranceGivesWhatComputingWithItGives) {
  Random random(1);
  std::vector<Eigen::Vector3f> points;
  for (int i = 0; i < 2000; ++i)
    points.emplace_back(random.uniform(-1, 4), random.uniform(-2, 2), random.uniform(-2, 2));
  const DepthTolerance wide{0.3F, 0.1F};
  auto visibility = computeVisibility(points, frame_);
  applyTolerance(visibility, wide);
  EXPECT_EQ(visibility.reason, computeVisibility(points, frame_, wide).reason);
}

TEST_F(ComputeVisibility, ThreadsDoNotChangeTheResult) {
  Random random(2);
  std::vector<Eigen::Vector3f> points;
  for (int i = 0; i < 50'000; ++i)
    points.emplace_back(random.uniform(-1, 4), random.uniform(-2, 2), random.uniform(-2, 2));
  setNumThreads(1);
  const auto one = computeVisibility(points, frame_);
  setNumThreads(3);
  const auto three = computeVisibility(points, frame_);
  setNumThreads(0);
  EXPECT_EQ(one.reason, three.reason);
}

}  // namespace
}  // namespace tagscape
