#include "core/clouds/pcd.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string header(const std::string& fields,
                   const std::string& sizes,
                   const std::string& types,
                   const std::string& data) {
  return "# .PCD v0.7\nVERSION 0.7\nFIELDS " + fields + "\nSIZE " + sizes + "\nTYPE " + types +
         "\nWIDTH 2\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 2\nDATA " + data + "\n";
}

template <class T>
void append(std::string& out, T value) {
  const auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
  out.append(bytes.data(), bytes.size());
}

CloudContent read(const std::string& text) {
  auto content = parsePcd(testing::bytesOf(text), "a.pcd");
  EXPECT_TRUE(content) << content.error().message;
  return content ? *content : CloudContent{};
}

void expectTwoPoints(const CloudContent& content) {
  ASSERT_EQ(content.mesh.vertices.size(), 2U);
  EXPECT_EQ(content.mesh.vertices.positions_m[1], Eigen::Vector3f(1, 2, 3.5F));
}

TEST(Pcd, ReadsText) { expectTwoPoints(read(header("x y z", "4 4 4", "F F F", "ascii") + "0 0 0\r\n1 2 3.5\r\n")); }

TEST(Pcd, ReadsDoublesAndColumnsOfEightBytes) {
  std::string text = header("x y z stamp Red Green Blue", "8 8 8 8 8 8 8", "F F F U F F F", "binary");
  for (const double x : {0.0, 0.0, 0.0}) append(text, x);
  append(text, std::uint64_t{17});
  for (const double c : {65535.0, 0.0, 0.0}) append(text, c);
  for (const double x : {1.0, 2.0, 3.5}) append(text, x);
  append(text, std::uint64_t{18});
  for (const double c : {0.0, 65535.0, 257.0}) append(text, c);
  const auto content = read(text);
  expectTwoPoints(content);
  EXPECT_EQ(content.mesh.vertices.colors[1], (Rgb8{0, 255, 1}));
}

TEST(Pcd, ReadsPaddingAndLowerCaseTypesAndUpperCaseNames) {
  std::string text =
      "VERSION .7\nFIELDS X Y Z _ label\nSIZE 4 4 4 1 2\nTYPE f f f u u\nCOUNT 1 1 1 3 1\nWIDTH 2\nHEIGHT 1\nDATA "
      "binary\n";
  for (const int row : {0, 1}) {
    for (const float x : {1.0F, 2.0F, 3.5F}) append(text, x * static_cast<float>(row));
    text.append(3, 'p');
    append(text, static_cast<std::uint16_t>(5 + row));
  }
  const auto content = read(text);
  expectTwoPoints(content);
  EXPECT_THAT(content.vertex_scalars.at("label"), ElementsAre(5, 6));
}

TEST(Pcd, ReadsPackedColoursOfEveryType) {
  const std::uint32_t rgb = 0x00664833;
  const std::string as_float = std::to_string(rgb);
  const auto whole =
      read(header("x y z rgb", "4 4 4 4", "F F F U", "ascii") + "0 0 0 " + as_float + "\n1 2 3.5 16711680\n");
  EXPECT_EQ(whole.mesh.vertices.colors[0], (Rgb8{102, 72, 51}));
  EXPECT_EQ(whole.mesh.vertices.colors[1], (Rgb8{255, 0, 0}));
  const auto tiny =
      read(header("x y z rgb", "4 4 4 4", "F F F F", "ascii") + "0 0 0 9.39312081e-39\n1 2 3.5 1.10508359e-38\n");
  EXPECT_EQ(tiny.mesh.vertices.colors[0], (Rgb8{102, 72, 51}));
}

TEST(Pcd, ReadsCompressedFieldsInTheirOwnOrder) {
  std::string fields;  // all x, then all y, then all z
  for (const float value : {0.0F, 1.0F, 0.0F, 2.0F, 0.0F, 3.5F}) append(fields, value);
  std::string text = header("x y z", "4 4 4", "F F F", "binary_compressed");
  append(text, static_cast<std::uint32_t>(fields.size() + 1));
  append(text, static_cast<std::uint32_t>(fields.size()));
  text.push_back(static_cast<char>(fields.size() - 1));  // one run of literal bytes
  expectTwoPoints(read(text + fields));
}

TEST(Pcd, SaysWhenPointsAreMissing) {
  const auto content = read(header("x y z", "4 4 4", "F F F", "ascii") + "0 0 0\n");
  EXPECT_EQ(content.mesh.vertices.size(), 1U);
  EXPECT_THAT(content.notes.at(0), HasSubstr("announces 2 points"));
}

TEST(Pcd, RefusesWhatItCannotRead) {
  const auto refusal = [](const std::string& text) {
    return parsePcd(testing::bytesOf(text), "a.pcd").error().message;
  };
  EXPECT_THAT(refusal(header("x y", "4 4", "F F", "ascii") + "0 0\n"), HasSubstr("x, y and z"));
  EXPECT_THAT(refusal(header("x y z", "4 4", "F F F", "ascii")), HasSubstr("2 entries for 3 fields"));
  EXPECT_THAT(refusal(header("x y z", "4 4 3", "F F F", "ascii")), HasSubstr("\"z\""));
  EXPECT_THAT(refusal("VERSION 7\n"), HasSubstr("no DATA line"));
}

}  // namespace
}  // namespace tagscape
