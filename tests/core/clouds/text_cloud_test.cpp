#include "core/clouds/text_cloud.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CloudContent read(std::string_view text, const char* name = "a.xyz") {
  auto content = parseTextCloud(text, name);
  EXPECT_TRUE(content) << content.error().message;
  return content ? *content : CloudContent{};
}

std::string notesOf(const CloudContent& content) {
  std::string all;
  for (const auto& note : content.notes) all += note + "\n";
  return all;
}

TEST(TextCloud, ReadsPositionsWhateverSeparatesThem) {
  for (const char* text : {"0 0 0\n1 2.5 3\n",
                           "0,0,0\r\n1,2.5,3\r\n",
                           "0;0;0\n1;2,5;3\n",
                           "0,0 0,0 0,0\n1,0 2,5 3,0\n",
                           "\xef\xbb\xbf"
                           "0\t0\t0\n1\t2.5\t3\n",
                           "# made by hand\n// so\n0 0 0\n\n1 2.5 3"}) {
    const auto content = read(text);
    ASSERT_EQ(content.mesh.vertices.size(), 2U) << text;
    EXPECT_EQ(content.mesh.vertices.positions_m[1], Eigen::Vector3f(1, 2.5F, 3)) << text;
    EXPECT_TRUE(content.notes.empty()) << text << notesOf(content);
  }
}

TEST(TextCloud, TakesColumnsByTheirTitles) {
  const auto content = read("//X Y Z R G B Nx Ny Nz\n0 0 0 255 0 0 0 0 1\n1 0 0 0 255 0 0 0 1\n", "a.asc");
  EXPECT_EQ(content.mesh.vertices.colors[1], (Rgb8{0, 255, 0}));
  EXPECT_EQ(content.mesh.vertices.normals[0], Eigen::Vector3f(0, 0, 1));
  const auto csv = read("label,x,y,z\n3,1,2,3\n4,4,5,6\n", "a.csv");
  EXPECT_EQ(csv.mesh.vertices.positions_m[1], Eigen::Vector3f(4, 5, 6));
  EXPECT_THAT(csv.vertex_scalars.at("label"), ElementsAre(3, 4));
}

TEST(TextCloud, TellsColoursFromNormalsByTheirValues) {
  const auto bytes = read("0 0 0 102 72 51\n1 0 0 255 0 9\n");
  EXPECT_EQ(bytes.mesh.vertices.colors[0], (Rgb8{102, 72, 51}));
  const auto unit = read("0 0 0 .4 .2 0\n1 0 0 1 0 .2\n");
  EXPECT_EQ(unit.mesh.vertices.colors[0], (Rgb8{102, 51, 0}));
  const auto normals = read("0 0 0 0 0 1\n1 0 0 -.6 .8 0\n");
  EXPECT_TRUE(normals.mesh.vertices.colors.empty());
  EXPECT_EQ(normals.mesh.vertices.normals[0], Eigen::Vector3f(0, 0, 1));
}

TEST(TextCloud, ReadsIntensityBeforeColoursInPts) {
  const auto content = read("2\n0 0 0 -900 102 72 51\n1 0 0 -901 120 85 60\n", "a.pts");
  EXPECT_EQ(content.mesh.vertices.colors[1], (Rgb8{120, 85, 60}));
  EXPECT_THAT(notesOf(content), HasSubstr("intensity"));
}

TEST(TextCloud, LeavesOutLinesThatAreNoPointsAndNamesTheFirst) {
  const auto content = read("0 0 0\n1 abc 2\n1 0 0\n5\n2 0 0\n");
  EXPECT_EQ(content.mesh.vertices.size(), 3U);
  EXPECT_THAT(notesOf(content), HasSubstr("the first is line 2"));
  EXPECT_THAT(parseTextCloud("a b c\nd e f\n", "a.xyz").error().message, HasSubstr("line 1"));
}

TEST(TextCloud, SaysWhenACountIsWrong) {
  EXPECT_THAT(notesOf(read("9\n0 0 0\n1 0 0\n", "a.pts")), HasSubstr("announces 9 points and holds 2"));
  EXPECT_TRUE(read("2\n0 0 0\n1 0 0\n", "a.pts").notes.empty());
}

TEST(TextCloud, CountsPointsThatAreNotFinite) {
  const auto content = read("0 0 0\nnan 0 0\n1.#QNAN 0 0\n1 0 0\n");
  EXPECT_EQ(content.mesh.vertices.size(), 2U);
  EXPECT_THAT(notesOf(content), HasSubstr("2 of 4 points are not finite"));
}

TEST(TextCloud, RefusesWhatHoldsNoPoints) {
  for (const char* text : {"",
                           "1\n2\n3\n",
                           "nan nan nan\n",
                           "\xff\xfe"
                           "0\0"})
    EXPECT_FALSE(parseTextCloud(text, "a.xyz")) << text;
}

TEST(TextCloud, KeepsLargeCoordinatesExact) {
  const auto content = read("701362.500 4485513.250 312.000\n701362.500 4485513.350 312.000\n");
  EXPECT_EQ(content.offset_m, Eigen::Vector3d(701000, 4486000, 0));
  const auto& positions = content.mesh.vertices.positions_m;
  EXPECT_NEAR((positions[1] - positions[0]).y(), 0.1, 1e-4);  // a float of 500 m is exact to 3e-5 m
}

}  // namespace
}  // namespace tagscape
