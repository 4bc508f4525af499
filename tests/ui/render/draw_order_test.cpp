#include "ui/render/draw_order.h"

#include "core/base/random.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/render/orbit_camera.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <set>

namespace tagscape {
namespace {

constexpr std::size_t kNumPoints = 200'000;

/// Points on a floor of 20 m x 10 m, in rows as a scanner would store them.
std::vector<Eigen::Vector3f> floorPoints() {
  std::vector<Eigen::Vector3f> points;
  for (std::size_t i = 0; i < kNumPoints; ++i)
    points.emplace_back(.03F * static_cast<float>(i % 632), .03F * static_cast<float>(i / 632), 0);
  return points;
}

std::vector<std::uint32_t> allBlocks(const DrawOrder& order) {
  std::vector<std::uint32_t> all(order.blocks.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TEST(DrawOrder, HasEveryPointOnceAndInItsBlock) {
  const auto points = floorPoints();
  const DrawOrder order = makeDrawOrder(points);
  EXPECT_EQ(std::set(order.order.begin(), order.order.end()).size(), kNumPoints);
  EXPECT_GT(order.blocks.size(), 4U);
  std::size_t next = 0;
  for (const PointBlock& block : order.blocks) {
    EXPECT_EQ(block.first, next);
    next += block.count;
    for (std::uint32_t i = block.first; i < block.first + block.count; ++i)
      ASSERT_TRUE(block.bounds_m.contains(points[order.order[i]]));
  }
  EXPECT_EQ(next, kNumPoints);
}

TEST(DrawOrder, IsTheSameEachTime) {
  EXPECT_EQ(makeDrawOrder(floorPoints()).order, makeDrawOrder(floorPoints()).order);
}

TEST(DrawOrder, GivesAFairSampleForAnyShare) {
  const auto points = floorPoints();
  const DrawOrder order = makeDrawOrder(points);
  const DrawRanges tenth = rangesOf(order, allBlocks(order), 0, .1);
  EXPECT_NEAR(static_cast<double>(tenth.num_points), kNumPoints * .1, static_cast<double>(order.blocks.size()));
  // Each of 50 parts of the floor gets its tenth. 400 expected points a part deviate by 20; five times that is certain.
  std::vector<int> counts(50, 0);
  for (std::size_t k = 0; k < tenth.first.size(); ++k) {
    for (std::int32_t i = tenth.first[k]; i < tenth.first[k] + tenth.count[k]; ++i) {
      const Eigen::Vector3f& point = points[order.order[static_cast<std::size_t>(i)]];
      ++counts[static_cast<std::size_t>(point.x() / 18.961F * 10) * 5 +
               static_cast<std::size_t>(point.y() / 9.51F * 5)];
    }
  }
  constexpr int kFiveDeviations = 100;  // Of a random sample of 400: the square root of 400 is 20.
  for (const int count : counts) EXPECT_NEAR(count, 400, kFiveDeviations);
}

TEST(DrawOrder, DrawsEveryPointOnceInSharesThatFollowOneAnother) {
  const DrawOrder order = makeDrawOrder(floorPoints());
  std::vector<int> drawn(kNumPoints, 0);
  for (const auto& [from, to] : {std::pair(0., .13), {.13, .7}, {.7, 1.}}) {
    const DrawRanges ranges = rangesOf(order, allBlocks(order), from, to);
    for (std::size_t k = 0; k < ranges.first.size(); ++k) {
      for (std::int32_t i = 0; i < ranges.count[k]; ++i) ++drawn[static_cast<std::size_t>(ranges.first[k] + i)];
    }
  }
  EXPECT_EQ(std::set(drawn.begin(), drawn.end()), std::set{1});
}

TEST(DrawOrder, LeavesOutBlocksThatAreOutOfSightAndNoPointThatIsNot) {
  const auto points = floorPoints();
  const DrawOrder order = makeDrawOrder(points);
  Scene scene;
  scene.mesh.vertices.positions_m = points;
  OrbitCamera camera;
  camera.frameScene(scene);
  camera.zoomAbout({2, 2, 0}, .15F);
  const OrbitCamera::ViewSize view{640, 480};
  const Eigen::Matrix4f clip_from_world = camera.clipFromWorld(view);
  const auto seen = blocksInView(order, clip_from_world, {});
  EXPECT_LT(seen.size(), order.blocks.size());
  for (std::uint32_t b = 0; b < order.blocks.size(); ++b) {
    if (std::find(seen.begin(), seen.end(), b) != seen.end()) continue;
    for (std::uint32_t i = 0; i < order.blocks[b].count; ++i) {
      const Eigen::Vector4f clip = clip_from_world * points[order.order[order.blocks[b].first + i]].homogeneous();
      ASSERT_FALSE(clip.head<3>().cwiseAbs().maxCoeff() < clip.w()) << "a point in view was left out";
    }
  }
}

TEST(DrawOrder, LeavesOutBlocksBesideTheClipBox) {
  const DrawOrder order = makeDrawOrder(floorPoints());
  const Eigen::AlignedBox3f box(Eigen::Vector3f(0, 0, -1), Eigen::Vector3f(1, 1, 1));
  const auto seen = blocksInView(order, OrbitCamera().clipFromWorld({640, 480}), box);
  for (const std::uint32_t block : seen) EXPECT_TRUE(order.blocks[block].bounds_m.intersects(box));
}

TEST(DrawOrder, KeepsPointsThatAreNotFiniteOutOfTheBounds) {
  auto points = floorPoints();
  points[7].x() = std::numeric_limits<float>::quiet_NaN();
  points[8].y() = std::numeric_limits<float>::infinity();
  const DrawOrder order = makeDrawOrder(points);
  for (const PointBlock& block : order.blocks) EXPECT_TRUE(block.bounds_m.sizes().allFinite());
  EXPECT_EQ(order.size(), kNumPoints);
}

TEST(DrawOrder, TellsTheSpacingOfAGrid) {
  constexpr float kSpacingRounding_m = 1e-5F;  // Differences of coordinates of 20 m in float32.
  const auto points = floorPoints();
  EXPECT_NEAR(spacingOf(makeDrawOrder(points), points), .03F, kSpacingRounding_m);
  EXPECT_EQ(spacingOf(makeDrawOrder({}), {}), 0);
}

}  // namespace
}  // namespace tagscape
