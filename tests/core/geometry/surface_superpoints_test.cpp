#include "core/geometry/surface_superpoints.h"

#include "core/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <set>

namespace tagscape {
namespace {

constexpr std::uint32_t kSide = 30;  // vertices along each side of a sheet

/// A floor and a wall that meet at a right angle along y = 0, one sheet of vertices bent in its middle.
Mesh bentSheet() {
  Mesh mesh;
  for (std::uint32_t row = 0; row < 2 * kSide; ++row) {
    for (std::uint32_t x = 0; x < kSide; ++x) {
      const float along = static_cast<float>(row) - static_cast<float>(kSide) + .5F;
      mesh.vertices.positions_m.emplace_back(
          .02F * static_cast<float>(x), .02F * std::min(along, 0.F), .02F * std::max(along, 0.F));
    }
  }
  for (std::uint32_t i = 0; i + kSide + 1 < 2 * kSide * kSide; ++i) {
    if (i % kSide == kSide - 1) continue;
    mesh.triangles.push_back({i, i + 1, i + kSide});
    mesh.triangles.push_back({i + 1, i + kSide + 1, i + kSide});
  }
  return mesh;
}

TEST(SurfaceSuperpoints, DividesAFloorFromAWall) {
  const auto superpoints = surfaceSuperpoints(bentSheet());
  ASSERT_EQ(superpoints.size(), 2U * kSide * kSide);
  const std::uint32_t floor = superpoints[kSide * 5 + 5], wall = superpoints[kSide * (2 * kSide - 5) + 5];
  EXPECT_NE(floor, wall);
  EXPECT_EQ(superpoints[kSide * 20 + 25], floor);
  EXPECT_EQ(superpoints[kSide * (kSide + 8) + 25], wall);
}

TEST(SurfaceSuperpoints, KeepsAFlatSheetWhole) {
  Mesh mesh = bentSheet();
  for (auto& point : mesh.vertices.positions_m) point = {point.x(), point.y() + point.z(), 0};
  const auto superpoints = surfaceSuperpoints(mesh);
  EXPECT_EQ(std::set(superpoints.begin(), superpoints.end()).size(), 1U);
}

TEST(SurfaceSuperpoints, JoinsSmallPieces) {
  const auto superpoints = surfaceSuperpoints(bentSheet(), {.min_size = 10'000});
  EXPECT_EQ(std::set(superpoints.begin(), superpoints.end()).size(), 1U);
}

TEST(SurfaceSuperpoints, HasNothingToDivideWithoutTriangles) {
  Mesh mesh = bentSheet();
  mesh.triangles.clear();
  EXPECT_TRUE(surfaceSuperpoints(mesh).empty());
}

std::size_t numSuperpoints(const std::vector<std::uint32_t>& superpoints) {
  return std::set(superpoints.begin(), superpoints.end()).size();
}

/// A sheet of width x height vertices, each placed by its column and row.
Mesh gridOf(std::uint32_t width, std::uint32_t height, const std::function<Eigen::Vector3f(float, float)>& at) {
  Mesh mesh;
  for (std::uint32_t row = 0; row < height; ++row) {
    for (std::uint32_t column = 0; column < width; ++column)
      mesh.vertices.positions_m.push_back(at(static_cast<float>(column), static_cast<float>(row)));
  }
  for (std::uint32_t row = 0; row + 1 < height; ++row) {
    for (std::uint32_t column = 0; column + 1 < width; ++column) {
      const std::uint32_t i = row * width + column;
      mesh.triangles.push_back({i, i + 1, i + width});
      mesh.triangles.push_back({i + 1, i + width + 1, i + width});
    }
  }
  return mesh;
}

/// A pillar with round edges, open at its ends, that stands out of nothing: all its bends are outwards.
Mesh roundPillar() {
  return gridOf(120, 20, [](float column, float row) {
    const float angle = 2 * std::numbers::pi_v<float> * column / 120;
    return Eigen::Vector3f(.3F * std::cos(angle), .3F * std::sin(angle), .02F * row);
  });
}

TEST(SurfaceSuperpoints, KeepsAConvexObjectWholeAndDividesAConcaveOne) {
  Mesh pillar = roundPillar();
  const std::size_t outside = numSuperpoints(surfaceSuperpoints(pillar));
  for (Triangle& triangle : pillar.triangles) std::swap(triangle[1], triangle[2]);
  const std::size_t inside = numSuperpoints(surfaceSuperpoints(pillar));
  EXPECT_EQ(outside, 1U);
  EXPECT_GT(inside, outside);
}

TEST(SurfaceSuperpoints, DividesTheStepsOfAStair) {
  // Four treads of 15 cm and the risers between them, 5 mm between vertices across.
  const Mesh stair = gridOf(20, 240, [](float column, float row) {
    const auto step = static_cast<int>(row / 60);
    const float within = row - 60 * static_cast<float>(step);
    const float tread = std::min(within, 30.F), riser = std::max(0.F, within - 30);
    return Eigen::Vector3f(.02F * column,
                           .005F * (30 * static_cast<float>(step) + tread),
                           .005F * (30 * static_cast<float>(step) + riser));
  });
  const auto superpoints = surfaceSuperpoints(stair);
  const auto treadOf = [&](std::uint32_t step) { return superpoints[(step * 60 + 15) * 20 + 10]; };
  for (std::uint32_t step = 1; step < 4; ++step) {
    EXPECT_NE(treadOf(step), treadOf(step - 1));
    EXPECT_NE(treadOf(step), superpoints[(step * 60 - 15) * 20 + 10]) << "the riser below it";
  }
}

TEST(SurfaceSuperpoints, SurvivesNoise) {
  Mesh mesh = bentSheet();
  Random random(1);
  for (auto& point : mesh.vertices.positions_m) {
    for (int axis = 0; axis < 3; ++axis) point[axis] += .0005F * static_cast<float>(random.normal());
  }
  const auto superpoints = surfaceSuperpoints(mesh, {.threshold = .05F, .min_size = 100});
  EXPECT_NE(superpoints[kSide * 5 + 5], superpoints[kSide * (2 * kSide - 5) + 5]);
  EXPECT_LE(numSuperpoints(superpoints), 8U);
}

TEST(SurfaceSuperpoints, GivesEveryScaleAsIfItWereAlone) {
  Mesh mesh = bentSheet();
  Random random(2);
  for (auto& point : mesh.vertices.positions_m) point.z() += .004F * static_cast<float>(random.normal());
  const std::array<SuperpointOptions, 4> scales{{{.01F, 20}, {.01F, 50}, {.02F, 20}, {.01F, 100}}};
  const auto together = surfaceSuperpoints(mesh, scales);
  ASSERT_EQ(together.size(), scales.size());
  for (std::size_t i = 0; i < scales.size(); ++i) EXPECT_EQ(together[i], surfaceSuperpoints(mesh, scales[i])) << i;
  EXPECT_GT(numSuperpoints(together[0]), numSuperpoints(together[3]));
}

TEST(SurfaceSuperpoints, TakesDegenerateFacesAndBrokenAndLonelyVertices) {
  Mesh mesh = bentSheet();
  const auto whole = surfaceSuperpoints(mesh);
  const auto count = static_cast<std::uint32_t>(mesh.vertices.size());
  mesh.vertices.positions_m.emplace_back(9.F, 9.F, 9.F);
  mesh.vertices.positions_m.emplace_back(std::numeric_limits<float>::quiet_NaN(), 0.F, 0.F);
  mesh.triangles.push_back({3, 3, 4});
  mesh.triangles.push_back({5, 6, count + 1});
  const auto superpoints = surfaceSuperpoints(mesh);
  ASSERT_EQ(superpoints.size(), count + 2);
  EXPECT_EQ(std::vector(superpoints.begin(), superpoints.begin() + count), whole);
  EXPECT_EQ(numSuperpoints(superpoints), numSuperpoints(whole) + 2) << "the two are superpoints of their own";
}

TEST(SegmentByNormals, DividesACloudLikeItsMesh) {
  Mesh mesh = bentSheet();
  mesh.triangles.clear();
  const auto normals = vertexNormals(mesh, {});
  ASSERT_TRUE(normals);
  const SuperpointOptions scale;
  const auto superpoints = superpointsByNormals(mesh.vertices, *normals, std::span(&scale, 1), {});
  ASSERT_TRUE(superpoints);
  const auto& only = superpoints->front();
  EXPECT_NE(only[kSide * 5 + 5], only[kSide * (2 * kSide - 5) + 5]);
  EXPECT_EQ(only[kSide * 20 + 25], only[kSide * 5 + 5]);
}

TEST(SegmentByNormals, LeavesPointsWithoutAPlaceToThemselves) {
  Mesh mesh = bentSheet();
  mesh.triangles.clear();
  mesh.vertices.positions_m[7].x() = std::numeric_limits<float>::infinity();
  const SuperpointOptions scale;
  const auto normals = vertexNormals(mesh, {});
  const auto superpoints = superpointsByNormals(mesh.vertices, *normals, std::span(&scale, 1), {});
  ASSERT_TRUE(superpoints);
  EXPECT_EQ(std::count(superpoints->front().begin(), superpoints->front().end(), superpoints->front()[7]), 1);
}

TEST(SegmentByNormals, CanBeStopped) {
  Mesh mesh = bentSheet();
  mesh.triangles.clear();
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(vertexNormals(mesh, {{}, source.get_token()}).error().code, ErrorCode::Cancelled);
}

TEST(VertexNormals, OfPointsFaceIntoTheRoom) {
  Mesh mesh = bentSheet();  // A floor before y = 0, a wall above it.
  mesh.triangles.clear();
  const auto normals = vertexNormals(mesh, {});
  ASSERT_TRUE(normals);
  EXPECT_GT((*normals)[kSide * 10 + 15].z(), .99F);
  EXPECT_LT((*normals)[kSide * (2 * kSide - 10) + 15].y(), -.99F);
}

}  // namespace
}  // namespace tagscape
