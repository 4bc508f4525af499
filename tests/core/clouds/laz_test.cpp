// Files of other writers: tests/golden/laz, see tests/golden/make_laz.py for what made them and what they hold.

#include "core/base/files.h"
#include "core/clouds/las.h"
#include "core/clouds/point_file.h"
#include "tests/support/temporary_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::uint32_t kNumPoints = 400;
const fs::path kGolden = fs::path(TAGSCAPE_SOURCE_DIR) / "tests/golden/laz";

/// Column `index` of make_laz.py.
std::vector<std::uint32_t> numbers(std::uint32_t index) {
  std::uint32_t state = index + 1;
  std::vector<std::uint32_t> values;
  for (std::uint32_t i = 0; i < kNumPoints; ++i) {
    state = state * 1664525 + 1013904223;
    values.push_back(state >> 16);
  }
  return values;
}

struct ExpectedPoint {
  Eigen::Vector3f position_m;
  Eigen::Vector3f color;
  float category = 0;
};

/// The points of make_laz.py that are not withheld.
std::vector<ExpectedPoint> expectedPoints() {
  std::vector<std::vector<std::uint32_t>> columns;
  for (std::uint32_t k = 0; k < 17; ++k) columns.push_back(numbers(k));
  std::vector<ExpectedPoint> points;
  int x = 0, y = 0;
  std::uint32_t red = 0;
  for (std::uint32_t i = 0; i < kNumPoints; ++i) {
    x += static_cast<int>(columns[0][i] % 200) - 90;
    y += static_cast<int>(columns[1][i] % 60) - 25;
    red += columns[9][i] % 2000;
    const int z = static_cast<int>(columns[2][i] % 2500);
    const std::array<std::uint32_t, 3> color{
        (red + 500) % 65536, (red + columns[10][i] % 300) % 65536, i % 7 == 0 ? 0 : columns[11][i]};
    if (columns[16][i] % 10 == 0) continue;
    ExpectedPoint point;
    point.category = static_cast<float>(columns[5][i / 20] % 19);
    point.position_m = (Eigen::Vector3d(x, y, z) * 0.001).cast<float>();
    for (int c = 0; c < 3; ++c)
      point.color[c] = static_cast<float>(color[static_cast<std::size_t>(c)]) * 255.F / 65535.F;
    points.push_back(point);
  }
  return points;
}

class LazFormat : public ::testing::TestWithParam<const char*> {};

TEST_P(LazFormat, GivesThePointsThatOthersWrote) {
  const auto content = readPointFile(kGolden / (std::string(GetParam()) + ".laz"));
  ASSERT_TRUE(content) << content.error().message;
  const auto expected = expectedPoints();
  const auto& vertices = content->mesh.vertices;
  ASSERT_EQ(vertices.size(), expected.size());
  EXPECT_EQ(content->offset_m, Eigen::Vector3d(700000, 4500000, 0));
  EXPECT_THAT(content->notes, ::testing::ElementsAre(HasSubstr("withheld")));
  const bool has_colors = std::string(GetParam()).find_first_of("2378") != std::string::npos;
  ASSERT_EQ(vertices.colors.size(), has_colors ? expected.size() : 0U);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    // Coordinates are millimetres in the file; a float of a few metres is exact to a micrometre.
    ASSERT_LT((vertices.positions_m[i] - expected[i].position_m).norm(), 1e-5F) << i;
    ASSERT_EQ(content->vertex_scalars.at("classification")[i], expected[i].category) << i;
    for (std::size_t c = 0; c < 3 && has_colors; ++c) {
      // Rounded to whole bytes.
      ASSERT_NEAR(static_cast<float>(vertices.colors[i][c]), expected[i].color[static_cast<Eigen::Index>(c)], 0.51F)
          << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    OfOthers,
    LazFormat,
    ::testing::Values("format0", "format1", "format2", "format3", "format6", "format7", "format7_channels", "format8"),
    [](const auto& format) { return std::string(format.param); });

std::string goldenBytes(const std::string& name) { return readTextFile(kGolden / name).value(); }

TEST(Laz, WhatACutFileStillHoldsIsReadAndSaid) {
  std::string bytes = goldenBytes("format2.laz");
  bytes.resize(bytes.size() - 2000);
  const auto content = parseLas(testing::bytesOf(bytes), "a.laz");
  ASSERT_TRUE(content) << content.error().message;
  const auto expected = expectedPoints();
  ASSERT_LT(content->mesh.vertices.size(), expected.size());
  for (std::size_t i = 0; i < content->mesh.vertices.size(); ++i)
    ASSERT_LT((content->mesh.vertices.positions_m[i] - expected[i].position_m).norm(), 1e-5F) << i;
  EXPECT_THAT(content->notes.at(0), HasSubstr("announces 400 points"));
}

TEST(Laz, LayersThatAreCutAreRefused) {
  std::string bytes = goldenBytes("format7.laz");
  bytes.resize(bytes.size() - 2000);
  EXPECT_THAT(parseLas(testing::bytesOf(bytes), "a.laz").error().message, HasSubstr("before its first points"));
}

TEST(Laz, NeedsTheRecordOfItsCompression) {
  std::string bytes = goldenBytes("format2.laz");
  const auto at = bytes.find("laszip encoded");
  bytes[at] = 'x';
  EXPECT_THAT(parseLas(testing::bytesOf(bytes), "a.laz").error().message, HasSubstr("how its points are compressed"));
}

TEST(Laz, NamesACompressionThatItDoesNotKnow) {
  std::string bytes = goldenBytes("format2.laz");
  constexpr std::size_t kFirstItem = 52 + 34, kVersion = 4;
  bytes[bytes.find("laszip encoded") + kFirstItem + kVersion] = 1;
  const auto refused = parseLas(testing::bytesOf(bytes), "a.laz");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Unsupported);
  EXPECT_THAT(refused.error().message, HasSubstr("version 1"));
}

TEST(Laz, LooseBytesEndWithoutPointsOrWithFewer) {
  std::string bytes = goldenBytes("format3.laz");
  for (std::size_t at = bytes.size() - 3000; at < bytes.size(); at += 97) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x5a);
    const auto content = parseLas(testing::bytesOf(damaged), "a.laz");
    if (content) {
      EXPECT_LE(content->mesh.vertices.size(), kNumPoints);
    }
  }
}

/// Many random points of each format, written just now.
TEST(Laz, MatchesLasOfTheSamePoints) {
  if (std::system("python3 -c 'import laspy, lazrs' > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "python3 has no laspy and lazrs to write files with (pip install laspy lazrs)";
  const testing::TemporaryFolder folder;
  const std::string command = fmt::format("python3 '{}/../make_laz.py' '{}' --random {}",
                                          kGolden.string(),
                                          folder.path().string(),
                                          ::testing::UnitTest::GetInstance()->random_seed());
  ASSERT_EQ(std::system(command.c_str()), 0);
  for (const int format : {0, 1, 2, 3, 6, 7, 8}) {
    SCOPED_TRACE(format);
    const auto plain = readPointFile(folder.path() / fmt::format("random{}.las", format));
    const auto compressed = readPointFile(folder.path() / fmt::format("random{}.laz", format));
    ASSERT_TRUE(plain && compressed);
    EXPECT_EQ(plain->mesh.vertices.positions_m, compressed->mesh.vertices.positions_m);
    EXPECT_EQ(plain->mesh.vertices.colors, compressed->mesh.vertices.colors);
    EXPECT_EQ(plain->vertex_scalars, compressed->vertex_scalars);
  }
}

}  // namespace
}  // namespace tagscape
