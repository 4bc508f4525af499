#include "core/clouds/ply.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <sstream>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

constexpr const char* kAscii =
    "ply\r\nformat ascii 1.0\r\ncomment made by hand\r\nelement vertex 4\r\nproperty double x\r\nproperty float "
    "y\r\nproperty float z\r\n"
    "property ushort label\r\nproperty uchar red\r\nproperty uchar green\r\nproperty uchar blue\r\nelement camera "
    "1\r\nproperty float fov\r\n"
    "element face 1\r\nproperty list uchar int vertex_indices\r\nend_header\r\n"
    "0 0 0 1 255 0 0\r\n1 0 0 2 0 255 0\r\n1 1 0 39 0 0 255\r\n0 1 0.5 0 9 9 9\r\n60\r\n4 0 1 2 3\r\n";

void append(std::string& out, auto value, bool swap) {
  std::array<char, sizeof(value)> bytes = std::bit_cast<std::array<char, sizeof(value)>>(value);
  if (swap) std::reverse(bytes.begin(), bytes.end());
  out.append(bytes.data(), bytes.size());
}

/// The same content as kAscii without the camera, in binary.
std::string binary(bool big_endian) {
  std::string out =
      std::string("ply\nformat ") + (big_endian ? "binary_big_endian" : "binary_little_endian") +
      " 1.0\nelement vertex 4\nproperty double x\nproperty float y\nproperty float z\nproperty ushort label\nproperty "
      "uchar red\n"
      "property uchar green\nproperty uchar blue\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n";
  const double xs[] = {0, 1, 1, 0};
  const float ys[] = {0, 0, 1, 1};
  const float zs[] = {0, 0, 0, 0.5F};
  const std::uint16_t labels[] = {1, 2, 39, 0};
  const char colors[][4] = {"\xff\0\0", "\0\xff\0", "\0\0\xff", "\t\t\t"};
  for (int i = 0; i < 4; ++i) {
    append(out, xs[i], big_endian);
    append(out, ys[i], big_endian);
    append(out, zs[i], big_endian);
    append(out, labels[i], big_endian);
    out.append(colors[i], 3);
  }
  out.push_back(4);
  for (std::int32_t corner = 0; corner < 4; ++corner) append(out, corner, big_endian);
  return out;
}

/// One vertex, its x of the given type.
std::string ofOneVertex(const std::string& x, const std::string& values) {
  return "ply\nformat ascii 1.0\nelement vertex 1\nproperty " + x +
         "\nproperty float y\nproperty float z\nend_header\n" + values + "\n";
}

void expectSquare(const Result<PlyContent>& content) {
  ASSERT_TRUE(content) << content.error().message;
  const auto& vertices = content->mesh.vertices;
  ASSERT_EQ(vertices.size(), 4U);
  EXPECT_EQ(vertices.positions_m[3], Eigen::Vector3f(0, 1, 0.5F));
  EXPECT_EQ(vertices.colors[1], (Rgb8{0, 255, 0}));
  EXPECT_TRUE(vertices.normals.empty());
  EXPECT_EQ(content->vertex_scalars.at("label"), (std::vector<float>{1, 2, 39, 0}));
  EXPECT_EQ(content->mesh.triangles, (std::vector<Triangle>{{0, 1, 2}, {0, 2, 3}}));
}

TEST(ReadPly, ReadsAsciiWithCarriageReturnsAndUnknownElements) {
  expectSquare(parsePly(testing::bytesOf(kAscii), "a.ply"));
}
TEST(ReadPly, ReadsLittleEndian) { expectSquare(parsePly(testing::bytesOf(binary(false)), "a.ply")); }
TEST(ReadPly, ReadsBigEndian) { expectSquare(parsePly(testing::bytesOf(binary(true)), "a.ply")); }

TEST(WritePly, RoundTripKeepsMeshAndScalars) {
  const testing::TemporaryFolder folder;
  PlyContent written;
  for (int i = 0; i < 5; ++i) {
    written.mesh.vertices.positions_m.emplace_back(static_cast<float>(i), 0.1F, -2);
    written.mesh.vertices.normals.emplace_back(0, 0, 1);
    written.mesh.vertices.colors.push_back({static_cast<std::uint8_t>(i), 2, 3});
    written.vertex_scalars["scalar_CAM"].push_back(0.5F * static_cast<float>(i));
  }
  written.mesh.triangles = {{0, 1, 2}, {2, 3, 4}};
  ASSERT_TRUE(writePly(folder.path() / "m.ply", written, "a comment"));
  const PlyContent read = readPly(folder.path() / "m.ply").value();
  EXPECT_EQ(read.mesh.vertices.positions_m, written.mesh.vertices.positions_m);
  EXPECT_EQ(read.mesh.vertices.normals, written.mesh.vertices.normals);
  EXPECT_EQ(read.mesh.vertices.colors, written.mesh.vertices.colors);
  EXPECT_EQ(read.mesh.triangles, written.mesh.triangles);
  EXPECT_EQ(read.vertex_scalars, written.vertex_scalars);
}

TEST(ReadPly, RefusesACountThatTheFileCannotHold) {
  std::string text = binary(false);
  text.replace(text.find("vertex 4"), 8, "vertex 9223372036854775808");
  const auto content = parsePly(testing::bytesOf(text), "a.ply");
  ASSERT_FALSE(content);
  EXPECT_THAT(content.error().message, HasSubstr("9223372036854775808"));
}

TEST(ReadPly, RefusesAFaceThatNamesAMissingVertex) {
  std::string text = kAscii;
  text.replace(text.find("4 0 1 2 3"), 9, "4 0 1 2 7");
  const auto content = parsePly(testing::bytesOf(text), "a.ply");
  ASSERT_FALSE(content);
  EXPECT_THAT(content.error().message, HasSubstr("face 0"));
}

TEST(ReadPly, LeavesOutVerticesThatAreNotFiniteWithTheirFaces) {
  std::string text = kAscii;
  text.replace(text.find("1 1 0 39"), 5, "nan 1 0");
  const auto content = parsePly(testing::bytesOf(text), "a.ply").value();
  EXPECT_EQ(content.mesh.vertices.size(), 3U);
  EXPECT_TRUE(content.mesh.triangles.empty());
  EXPECT_EQ(content.vertex_scalars.at("label"), (std::vector<float>{1, 2, 0}));
  EXPECT_THAT(content.notes.back(), HasSubstr("1 of 4 points are not finite and were left out, with 2 triangles"));
  EXPECT_FALSE(parsePly(testing::bytesOf(ofOneVertex("float x", "nan 0 0")), "a.ply"));
}

TEST(ReadPly, TakesColoursByAnyOfTheirNamesAndRanges) {
  const auto color = [](const std::string& type, const std::string& names, const std::string& values) {
    std::string properties;
    std::istringstream list(names);
    for (std::string name; list >> name;) properties += "property " + type + " " + name + "\n";
    const auto content =
        parsePly(testing::bytesOf("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty "
                                  "float y\nproperty float z\n" +
                                  properties + "end_header\n0 0 0 " + values + "\n"),
                 "a.ply");
    EXPECT_TRUE(content && content->mesh.vertices.colors.size() == 1) << names;
    return content && !content->mesh.vertices.colors.empty() ? content->mesh.vertices.colors[0] : Rgb8{};
  };
  EXPECT_EQ(color("uchar", "diffuse_red diffuse_green diffuse_blue", "102 72 51"), (Rgb8{102, 72, 51}));
  EXPECT_EQ(color("uchar", "r g b", "102 72 51"), (Rgb8{102, 72, 51}));
  EXPECT_EQ(color("uchar", "alpha blue green red", "255 51 72 102"), (Rgb8{102, 72, 51}));
  EXPECT_EQ(color("float", "red green blue", "0.4 0.2 1"), (Rgb8{102, 51, 255}));
  EXPECT_EQ(color("float", "red green blue", "102 72 51"), (Rgb8{102, 72, 51}));
  EXPECT_EQ(color("ushort", "red green blue", "65535 257 0"), (Rgb8{255, 1, 0}));
  EXPECT_EQ(color("float", "f_dc_0 f_dc_1 f_dc_2", "0 1.7724539 -9"), (Rgb8{128, 255, 0}));  // 0.5 + c / (2 sqrt(pi))
}

TEST(ReadPly, KeepsLargeCoordinatesExactAndWritesThemBack) {
  const testing::TemporaryFolder folder;
  const auto content = parsePly(testing::bytesOf(ofOneVertex("double x", "701362.25 0 0")), "a.ply").value();
  EXPECT_EQ(content.offset_m, Eigen::Vector3d(701000, 0, 0));
  EXPECT_EQ(content.mesh.vertices.positions_m[0].x(), 362.25F);
  ASSERT_TRUE(writePly(folder.path() / "a.ply", content));
  const auto again = readPly(folder.path() / "a.ply").value();
  EXPECT_EQ(again.offset_m, content.offset_m);
  EXPECT_EQ(again.mesh.vertices.positions_m, content.mesh.vertices.positions_m);
}

TEST(ReadPly, NamesTheLineOfABadHeader) {
  for (const char* text : {"",
                           "plx\n",
                           "ply\nformat ascii 1.0\nelement vertex x\nend_header\n",
                           "ply\nformat ascii 1.0\nelement vertex 1\nproperty quad x\n",
                           "ply\nformat ascii 1.0\nelement vertex 1\n",
                           "ply\nformat utf8 1.0\nend_header\n"}) {
    const auto content = parsePly(testing::bytesOf(text), "a.ply");
    ASSERT_FALSE(content) << text;
    EXPECT_THAT(content.error().message, HasSubstr("a.ply: line "));
  }
}

}  // namespace
}  // namespace tagscape
