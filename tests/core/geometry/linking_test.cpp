// What links the image and the scan: the probe of a frame, the lookup of points, the index of observing frames. Checked
// against computeVisibility, which has tests of its own.

#include "core/base/random.h"
#include "core/geometry/frame_probe.h"
#include "core/geometry/point_lookup.h"
#include "core/geometry/visibility_index.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace tagscape {
namespace {

using testing::kFloatSumRounding;

constexpr float kPixelTolerance = 2e-3F;  // single precision at 640 pixels

/// Looks along the world's +x from (1, 2, 3); a wall stands 2 m before it, nearer by .5 m on the right half.
FrameView view() {
  FrameView view;
  Pose pose = Pose::Identity();
  pose.linear() << 0, 0, 1, -1, 0, 0, 0, -1, 0;
  pose.translation() = Eigen::Vector3d(1, 2, 3);
  view.world_from_camera = pose;
  view.color = {500, 510, 300.5, 220.5, 640, 480};
  view.depth = {50, 50, 31.5, 23.5, 64, 48};
  return view;
}

DepthImage wall() {
  DepthImage depth(64, 48, 1, 2.F);
  for (int y = 0; y < 48; ++y) {
    for (int x = 32; x < 64; ++x) depth.at(x, y) = 1.5F;
  }
  depth.at(10, 10) = 0;
  return depth;
}

TEST(FrameProbe, PlaceUnderAPixelProjectsBackToThatPixelAndIsVisible) {
  const FrameProbe probe(view(), wall());
  for (const auto& [u, v] : {std::pair(100.F, 200.F), std::pair(310.25F, 77.F), std::pair(500.F, 400.F)}) {
    const auto place = probe.surfaceAt(u, v);
    ASSERT_TRUE(place);
    const PointVisibility probed = probe.visibilityOf(*place, {});
    EXPECT_NEAR(probed.pixel.x(), u, kPixelTolerance);
    EXPECT_NEAR(probed.pixel.y(), v, kPixelTolerance);
    EXPECT_EQ(probed.reason, Visibility::Visible);
    EXPECT_NEAR(probed.depth_difference_m, 0, kFloatSumRounding);
  }
}

TEST(FrameProbe, GivesWhatTheResultOfAllPointsHolds) {
  const FrameProbe probe(view(), wall());
  Random random(3);
  std::vector<Eigen::Vector3f> points;
  for (int i = 0; i < 500; ++i) {
    points.emplace_back(static_cast<float>(random.uniform(-1, 5)),
                        static_cast<float>(random.uniform(-1, 5)),
                        static_cast<float>(random.uniform(1, 5)));
  }
  const DepthImage depth = wall();
  FrameView all = view();
  all.depth_image = &depth;
  const auto visibility = computeVisibility(points, all, {});
  std::array<int, kNumVisibilities> seen{};
  for (std::size_t i = 0; i < points.size(); ++i) {
    const PointVisibility probed = probe.visibilityOf(points[i], {});
    EXPECT_EQ(probed.reason, visibility.reason[i]);
    ++seen[static_cast<std::size_t>(probed.reason)];
    if (!std::isnan(visibility.pixel[i].x())) {
      EXPECT_EQ(probed.pixel, visibility.pixel[i]);
    }
  }
  EXPECT_GT(seen[static_cast<std::size_t>(Visibility::Occluded)], 5);
  EXPECT_GT(seen[static_cast<std::size_t>(Visibility::Outside)], 5);
}

TEST(FrameProbe, HasNoPlaceWhereThereIsNoDepthNoImageOrNoPose) {
  const FrameProbe probe(view(), wall());
  const float u = static_cast<float>((10 - 31.5) / 50 * 500 + 300.5),
              v = static_cast<float>((10 - 23.5) / 50 * 510 + 220.5);
  EXPECT_FALSE(probe.surfaceAt(u, v));
  EXPECT_TRUE(probe.surfaceAt(u + 20, v));
  EXPECT_FALSE(probe.surfaceAt(-3, 100));
  EXPECT_FALSE(FrameProbe(view(), {}).surfaceAt(100, 100));
  FrameView lost = view();
  lost.world_from_camera.reset();
  EXPECT_FALSE(FrameProbe(lost, wall()).surfaceAt(100, 100));
  EXPECT_EQ(FrameProbe(lost, wall()).visibilityOf({3, 2, 3}, {}).reason, Visibility::NoPose);
}

TEST(PointLookup, FindsTheSamePointAsTryingAll) {
  Random random(7);
  std::vector<Eigen::Vector3f> points;
  for (int i = 0; i < 2000; ++i) {
    points.emplace_back(static_cast<float>(random.uniform(-1, 1)),
                        static_cast<float>(random.uniform(-1, 1)),
                        static_cast<float>(random.uniform(-1, 1)));
  }
  points[5].x() = std::numeric_limits<float>::quiet_NaN();
  constexpr float kCell_m = .1F;
  const PointLookup lookup(points, kCell_m);
  int num_found = 0;
  for (int i = 0; i < 300; ++i) {
    const Eigen::Vector3f place(static_cast<float>(random.uniform(-1.2, 1.2)),
                                static_cast<float>(random.uniform(-1.2, 1.2)),
                                static_cast<float>(random.uniform(-1.2, 1.2)));
    std::optional<std::uint32_t> expected;
    float best = kCell_m;
    for (std::uint32_t row = 0; row < points.size(); ++row) {
      const float distance = (points[row] - place).norm();
      if (distance > best || std::isnan(distance)) continue;
      best = distance;
      expected = row;
    }
    EXPECT_EQ(lookup.nearest(place), expected);
    num_found += expected.has_value();
  }
  EXPECT_GT(num_found, 50);
  EXPECT_FALSE(lookup.nearest({std::numeric_limits<float>::infinity(), 0, 0}));
}

TEST(VisibilityIndex, NamesTheFramesThatSeeAPoint) {
  VisibilityIndex index(100, 4);
  VisibilityResult visibility;
  visibility.reason.assign(100, Visibility::Occluded);
  visibility.reason[70] = Visibility::Visible;
  index.add(2, visibility);
  visibility.reason[3] = Visibility::Visible;
  index.add(0, visibility);
  index.addBlind(1);
  EXPECT_EQ(index.framesSeeing(70), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(index.framesSeeing(3), (std::vector<std::size_t>{0}));
  EXPECT_TRUE(index.framesSeeing(4).empty());
  EXPECT_EQ(index.numKnown(), 3U);
  EXPECT_FALSE(index.isKnown(3));
}

TEST(VisibilityIndex, CountsTheFramesThatSeeEachPoint) {
  VisibilityIndex index(100, 3);
  VisibilityResult visibility;
  visibility.reason.assign(100, Visibility::Occluded);
  visibility.reason[70] = Visibility::Visible;
  index.add(2, visibility);
  EXPECT_EQ(index.counts()[70], 1);
  visibility.reason[3] = Visibility::Visible;
  index.add(0, visibility);
  index.addBlind(1);
  const auto counts = index.counts();
  ASSERT_EQ(counts.size(), 100U);
  for (std::size_t point = 0; point < counts.size(); ++point)
    EXPECT_EQ(counts[point], index.framesSeeing(point).size()) << point;
  EXPECT_EQ(counts[70], 2);
}

}  // namespace
}  // namespace tagscape
