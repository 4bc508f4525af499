#include "core/clouds/las.h"
#include "core/clouds/polygon.h"
#include "core/clouds/stl_off.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tolerances.h"

#include <Eigen/Geometry>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstring>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <class T>
void append(std::string& out, T value) {
  const auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
  out.append(bytes.data(), bytes.size());
}

TEST(Stl, JoinsCornersOfBinaryTriangles) {
  std::string file(80, 's');
  append(file, std::uint32_t{2});
  for (const std::array<float, 9>& corners :
       {std::array<float, 9>{0, 0, 0, 1, 0, 0, 0, 1, 0}, std::array<float, 9>{1, 0, 0, 1, 1, 0, 0, 1, 0}}) {
    for (int i = 0; i < 3; ++i) append(file, 0.0F);
    for (const float x : corners) append(file, x);
    file.append(2, '\0');
  }
  const auto content = parseStl(testing::bytesOf(file), "a.stl").value();
  EXPECT_EQ(content.mesh.vertices.size(), 4U);
  EXPECT_THAT(content.mesh.triangles, ElementsAre(Triangle{0, 1, 2}, Triangle{1, 3, 2}));
  EXPECT_FALSE(parseStl(testing::bytesOf("solid empty\nendsolid\n"), "a.stl"));
}

TEST(Off, ReadsColoursAndPolygons) {
  const auto content =
      parseOff("COFF\n4 1 0\n0 0 0 255 0 0 255\n1 0 0 0 255 0 255\n1 1 0 0 0 255 255\n0 1 0 9 9 9 255\n4 0 1 2 3\n",
               "a.off")
          .value();
  EXPECT_EQ(content.mesh.vertices.colors[1], (Rgb8{0, 255, 0}));
  EXPECT_THAT(content.mesh.triangles, ElementsAre(Triangle{0, 1, 2}, Triangle{0, 2, 3}));
  EXPECT_THAT(parseOff("OFF\n1 1 0\n0 0 0\n3 0 0 7\n", "a.off").error().message, HasSubstr("face 0"));
  EXPECT_FALSE(parseOff("OFF\n99999999 1 0\n0 0 0\n", "a.off"));
}

/// A LAS 1.2 file of point format 2 with the given classes, a metre apart from a large coordinate on.
std::string las(const std::vector<int>& classes) {
  std::string file(227, '\0');
  const auto put = [&](std::size_t at, auto value) { std::memcpy(file.data() + at, &value, sizeof(value)); };
  std::memcpy(file.data(), "LASF", 4);
  put(24, std::uint8_t{1});
  put(25, std::uint8_t{2});
  put(94, std::uint16_t{227});
  put(96, std::uint32_t{227});
  put(104, std::uint8_t{2});
  put(105, std::uint16_t{26});
  put(107, static_cast<std::uint32_t>(classes.size()));
  for (std::size_t axis = 0; axis < 3; ++axis) {
    put(131 + 8 * axis, 0.001);
    put(155 + 8 * axis, axis == 0 ? 700000.0 : 0.0);
  }
  for (std::size_t i = 0; i < classes.size(); ++i) {
    append(file, static_cast<std::int32_t>(1000 * i));
    append(file, std::int32_t{2000});
    append(file, std::int32_t{3000});
    file.append(3, '\0');
    file.push_back(static_cast<char>(classes[i]));
    file.append(4, '\0');
    for (const std::uint16_t color : {65535, 0, 257}) append(file, color);
  }
  return file;
}

TEST(Las, ReadsCoordinatesColoursAndClasses) {
  const auto content = parseLas(testing::bytesOf(las({2, 6})), "a.las").value();
  EXPECT_EQ(content.offset_m, Eigen::Vector3d(700000, 0, 0));
  EXPECT_EQ(content.mesh.vertices.positions_m[1], Eigen::Vector3f(1, 2, 3));
  EXPECT_EQ(content.mesh.vertices.colors[0], (Rgb8{255, 0, 1}));
  EXPECT_THAT(content.vertex_scalars.at("classification"), ElementsAre(2, 6));
  EXPECT_EQ(content.scalar_names.at("classification").at(6), "building");
}

TEST(Las, LeavesOutWithheldPointsAndSaysWhenPointsAreMissing) {
  constexpr int kWithheld = 0x80;
  const auto content = parseLas(testing::bytesOf(las({2, kWithheld | 2, 3})), "a.las").value();
  EXPECT_EQ(content.mesh.vertices.size(), 2U);
  EXPECT_THAT(content.notes.at(0), HasSubstr("withheld"));
  std::string cut = las({2, 6});
  cut.pop_back();
  EXPECT_THAT(parseLas(testing::bytesOf(cut), "a.las")->notes.at(0), HasSubstr("announces 2 points"));
}

TEST(Las, RefusesWhatHasNoHeader) { EXPECT_FALSE(parseLas(testing::bytesOf("LASF"), "a.las")); }

double areaOf(const std::vector<Eigen::Vector3f>& positions, const std::vector<Triangle>& triangles) {
  double area = 0;
  for (const auto& t : triangles)
    area += 0.5 * static_cast<double>((positions[t[1]] - positions[t[0]]).cross(positions[t[2]] - positions[t[0]]).z());
  return area;
}

TEST(Triangulate, ConcavePolygonsStayWhole) {
  // A U, whose fan from any corner would cover its gap.
  const std::vector<Eigen::Vector3f> u{
      {0, 0, 0}, {3, 0, 0}, {3, 3, 0}, {2, 3, 0}, {2, 1, 0}, {1, 1, 0}, {1, 3, 0}, {0, 3, 0}};
  const std::vector<std::uint32_t> corners{0, 1, 2, 3, 4, 5, 6, 7};
  std::vector<Triangle> triangles;
  triangulate(u, corners, triangles);
  EXPECT_EQ(triangles.size(), 6U);
  EXPECT_NEAR(areaOf(u, triangles), 7, testing::kDoubleRounding);
  for (const auto& t : triangles) EXPECT_GT(areaOf(u, {t}), 0);
}

TEST(Triangulate, DegeneratePolygonsGiveAsManyTriangles) {
  const std::vector<Eigen::Vector3f> same(5, Eigen::Vector3f::Zero());
  const std::vector<std::uint32_t> corners{0, 1, 2, 3, 4};
  std::vector<Triangle> triangles;
  triangulate(same, corners, triangles);
  EXPECT_EQ(triangles.size(), 3U);
  triangulate(same, std::span(corners).first(2), triangles);
  EXPECT_EQ(triangles.size(), 3U);
}

}  // namespace
}  // namespace tagscape
