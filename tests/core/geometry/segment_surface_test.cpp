#include "core/geometry/segment_surface.h"

#include <gtest/gtest.h>

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

TEST(SegmentSurface, DividesAFloorFromAWall) {
  const auto segments = segmentSurface(bentSheet());
  ASSERT_EQ(segments.size(), 2U * kSide * kSide);
  const std::uint32_t floor = segments[kSide * 5 + 5], wall = segments[kSide * (2 * kSide - 5) + 5];
  EXPECT_NE(floor, wall);
  EXPECT_EQ(segments[kSide * 20 + 25], floor);
  EXPECT_EQ(segments[kSide * (kSide + 8) + 25], wall);
}

TEST(SegmentSurface, KeepsAFlatSheetWhole) {
  Mesh mesh = bentSheet();
  for (auto& point : mesh.vertices.positions_m) point = {point.x(), point.y() + point.z(), 0};
  const auto segments = segmentSurface(mesh);
  EXPECT_EQ(std::set(segments.begin(), segments.end()).size(), 1U);
}

TEST(SegmentSurface, JoinsSmallPieces) {
  const auto segments = segmentSurface(bentSheet(), {.smallest_size = 10'000});
  EXPECT_EQ(std::set(segments.begin(), segments.end()).size(), 1U);
}

TEST(SegmentSurface, HasNothingToDivideWithoutTriangles) {
  Mesh mesh = bentSheet();
  mesh.triangles.clear();
  EXPECT_TRUE(segmentSurface(mesh).empty());
}

}  // namespace
}  // namespace tagscape
