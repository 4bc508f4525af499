#include "core/scan_labels/superpoint_graph.h"
#include "core/scan_labels/superpoint_views.h"
#include "core/scene/class_catalog.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

constexpr float kSingle = 1e-5F;  // A few operations in float32.

/// A strip of 2 x 6 vertices; its superpoints are the first, second and last third. The last third is red.
struct Strip {
  Mesh mesh;
  std::vector<Eigen::Vector3f> normals;
  std::vector<std::uint32_t> of_vertex;
};

Strip strip() {
  Strip result;
  for (std::uint32_t row = 0; row < 6; ++row) {
    for (std::uint32_t column = 0; column < 2; ++column) {
      result.mesh.vertices.positions_m.emplace_back(static_cast<float>(column), static_cast<float>(row), 0.F);
      result.mesh.vertices.colors.push_back(row < 4 ? Rgb8{100, 100, 100} : Rgb8{255, 0, 0});
      result.normals.emplace_back(0, 0, 1);
      result.of_vertex.push_back(row / 2);
    }
  }
  for (std::uint32_t i = 0; i + 2 < 12; i += 2) {
    result.mesh.triangles.push_back({i, i + 1, i + 2});
    result.mesh.triangles.push_back({i + 1, i + 3, i + 2});
  }
  return result;
}

SuperpointGraph graphOf(const Strip& strip) { return superpointGraph(strip.mesh, strip.of_vertex, strip.normals); }

TEST(SuperpointGraph, KnowsWhatTouchesAndWhatLooksAlike) {
  const SuperpointGraph graph = graphOf(strip());
  ASSERT_EQ(graph.count, 3U);
  ASSERT_EQ(graph.borders.size(), 2U);
  EXPECT_EQ(graph.borders[0].a, 0U);
  EXPECT_EQ(graph.borders[0].b, 1U);
  EXPECT_EQ(graph.borders[1].b, 2U);
  EXPECT_FLOAT_EQ(graph.borders[0].likeness, graph.borders[0].length);
  EXPECT_LT(graph.borders[1].likeness, .01F * graph.borders[1].length);
  EXPECT_FLOAT_EQ(graph.means_m[1].y(), 2.5F);
}

TEST(SuperpointGraph, SharesTheAreaOfTheSurface) {
  const SuperpointGraph graph = graphOf(strip());
  EXPECT_NEAR(graph.areas_m2[0] + graph.areas_m2[1] + graph.areas_m2[2], 5, kSingle) << "1 x 5 m";
  EXPECT_NEAR(graph.areas_m2[1], 2, kSingle) << "the vertices of the middle have all that is around them";
  Strip points = strip();
  points.mesh.triangles.clear();
  EXPECT_EQ(graphOf(points).areas_m2, std::vector<float>(3, 0.F));
}

TEST(SuperpointGraph, OfPointsJoinsThoseWithinReach) {
  Strip points = strip();
  points.mesh.triangles.clear();
  for (auto& point : points.mesh.vertices.positions_m) point *= .05F;
  EXPECT_GE(graphOf(points).borders.size(), 2U);
  for (auto& point : points.mesh.vertices.positions_m) point *= 100;
  EXPECT_TRUE(graphOf(points).borders.empty());
}

TEST(SuperpointGraph, SmoothingFollowsAlikeNeighbours) {
  ClassValues q = ClassValues::Constant(3, kNumClasses, 1.F / kNumClasses);
  q.row(0).setZero();
  q(0, 4) = 1;
  const ClassValues smooth = softmaxOfRows(smoothedLogits(graphOf(strip()), q, 4));
  EXPECT_GT(smooth(1, 4), .1F);
  constexpr float kAcrossTheEdge = .01F;  // The likeness of surfaces that meet at a right angle, as tested above.
  EXPECT_NEAR(smooth(2, 4), 1.F / kNumClasses, kAcrossTheEdge);
  const ClassValues alone = smoothedLogits(graphOf(strip()), q, 0);
  EXPECT_NEAR(alone(1, 4), std::log(1.F / kNumClasses + 1e-3F), kSingle);
}

TEST(SuperpointGraph, UnseenOnesTakeTheMostAlike) {
  const SuperpointGraph graph = graphOf(strip());
  EXPECT_EQ(nearestSeen(graph, {true, false, true}), (std::vector<std::uint32_t>{0, 0, 2}));
  EXPECT_EQ(nearestSeen(graph, {false, false, false}), (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(SuperpointViews, AverageTheLogitsOfVisibleVertices) {
  VisibilityResult seen;
  seen.pixel = {{0, 0}, {3, 0}, {0, 0}, {1.5F, 0}};
  seen.reason = {Visibility::Visible, Visibility::Visible, Visibility::Occluded, Visibility::Visible};
  const Intrinsics color{1, 1, 0, 0, 4, 1};
  std::vector<float> maps(kNumClasses * 4, 0.F);
  for (std::size_t x = 0; x < 4; ++x) maps[2 * 4 + x] = static_cast<float>(x);  // class 2 grows to the right
  const std::vector<std::vector<std::uint32_t>> scales{{5, 5, 5, 1}, {0, 1, 2, 3}};
  const auto views = viewSuperpoints(seen, color, {maps, 4, 1, {1, 0}}, scales);
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].superpoints, (std::vector<std::uint32_t>{1, 5}));
  EXPECT_EQ(views[0].num_visible, (std::vector<float>{1, 2}));
  EXPECT_NEAR(views[0].logits(1, 2), 1.5F, kSingle);
  EXPECT_NEAR(views[0].logits(0, 2), 1.5F, kSingle);
  EXPECT_EQ(views[0].logits(1, 3), 0);
  EXPECT_EQ(views[1].superpoints, (std::vector<std::uint32_t>{0, 1, 3}));
}

}  // namespace
}  // namespace tagscape
