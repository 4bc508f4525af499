#include "core/clouds/obj.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CloudContent read(std::string_view text) {
  auto content = parseObj(text, "a.obj");
  EXPECT_TRUE(content) << content.error().message;
  return content ? *content : CloudContent{};
}

TEST(Obj, ReadsQuadsPolygonsAndNegativeIndices) {
  const auto quad = read("v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1/1 2/2 3/3 4/4\n");
  EXPECT_THAT(quad.mesh.triangles, ElementsAre(Triangle{0, 1, 2}, Triangle{0, 2, 3}));
  const auto negative = read("v 0 0 0\nv 1 0 0\nv 1 1 0\nf -3 -2 \\\n -1\n");
  EXPECT_THAT(negative.mesh.triangles, ElementsAre(Triangle{0, 1, 2}));
  const auto pentagon = read("v 0 0 0\nv 2 0 0\nv 2 2 0\nv 1 0.5 0\nv 0 2 0\nf 1 2 3 4 5\n");
  EXPECT_EQ(pentagon.mesh.triangles.size(), 3U);
}

TEST(Obj, ReadsColoursInBothRangesAndAfterAFourthCoordinate) {
  EXPECT_EQ(read("v 0 0 0 0.4 0.2 1\n").mesh.vertices.colors[0], (Rgb8{102, 51, 255}));
  EXPECT_EQ(read("v 0 0 0 102 72 51\n").mesh.vertices.colors[0], (Rgb8{102, 72, 51}));
  EXPECT_EQ(read("v 0 0 0 1.0 0 1 0\n").mesh.vertices.colors[0], (Rgb8{0, 255, 0}));
  EXPECT_TRUE(read("v 0 0 0 1.0\n").mesh.vertices.colors.empty());
}

TEST(Obj, VerticesWithoutAColourAreGreyAndCounted) {
  const auto content = read("o plain\nv 0 0 0\no coloured\nv 1 0 0 1 0 0\n");
  EXPECT_EQ(content.mesh.vertices.colors[0], (Rgb8{128, 128, 128}));
  EXPECT_EQ(content.mesh.vertices.colors[1], (Rgb8{255, 0, 0}));
  EXPECT_THAT(content.notes.at(0), HasSubstr("1 of 2 vertices have no colour"));
}

TEST(Obj, TakesNormalsByFacesOrByOrder) {
  const auto by_face = read("v 0 0 0\nv 1 0 0\nv 0 1 0\nvn 0 0 1\nf 1//1 2//1 3//1\n");
  EXPECT_EQ(by_face.mesh.vertices.normals.at(2), Eigen::Vector3f(0, 0, 1));
  EXPECT_EQ(read("vn 0 1 0\nv 0 0 0\n").mesh.vertices.normals.at(0), Eigen::Vector3f(0, 1, 0));
}

TEST(Obj, SaysWhatItLeavesOut) {
  const auto content = read("mtllib gone.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\nf 1 2 9\n");
  EXPECT_EQ(content.mesh.triangles.size(), 1U);
  EXPECT_THAT(content.notes, ElementsAre(HasSubstr("line 6"), HasSubstr("gone.mtl is missing")));
  EXPECT_THAT(parseObj("v 0 0\n", "a.obj").error().message, HasSubstr("line 1"));
  EXPECT_FALSE(parseObj("f 1 2 3\n", "a.obj"));
}

}  // namespace
}  // namespace tagscape
