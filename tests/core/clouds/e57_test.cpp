#include "core/clouds/e57.h"

#include "core/e57/paged_bytes.h"
#include "tests/support/e57_sample.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>

namespace tagscape {
namespace {

using testing::E57Column;
using testing::E57Sample;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::byte> encode(const E57Sample& sample) { return testing::encodeE57(sample); }

E57Column single(const std::string& name, std::vector<double> values) {
  return {.xml = "<" + name + " type=\"Float\" precision=\"single\"/>", .num_bits = 32, .values = std::move(values)};
}

E57Column integer(const std::string& name, int low, int high, std::vector<double> values) {
  std::uint32_t bits = 0;
  while ((1 << bits) <= high - low) ++bits;
  for (auto& value : values) value -= low;
  return {.xml = "<" + name + " type=\"Integer\" minimum=\"" + std::to_string(low) + "\" maximum=\"" +
                 std::to_string(high) + "\"/>",
          .num_bits = bits,
          .values = std::move(values)};
}

TEST(E57, ReadsCoordinatesAndColours) {
  E57Sample sample;
  sample.scans.push_back({.columns = {single("cartesianX", {1, 2, 3}),
                                      single("cartesianY", {4, 5, 6}),
                                      single("cartesianZ", {7, 8, 9}),
                                      integer("colorRed", 0, 255, {255, 0, 10}),
                                      integer("colorGreen", 0, 255, {0, 128, 20}),
                                      integer("colorBlue", 0, 255, {1, 2, 30})}});
  const auto content = parseE57(encode(sample), "a.e57");
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_THAT(content->mesh.vertices.positions_m,
              ElementsAre(Eigen::Vector3f(1, 4, 7), Eigen::Vector3f(2, 5, 8), Eigen::Vector3f(3, 6, 9)));
  EXPECT_THAT(content->mesh.vertices.colors, ElementsAre(Rgb8{255, 0, 1}, Rgb8{0, 128, 2}, Rgb8{10, 20, 30}));
  EXPECT_TRUE(content->notes.empty());
}

/// Integers of 21, 7 and 3 bits: values that begin and end within bytes, and packets that end within values.
TEST(E57, UnpacksScaledIntegersAcrossPackets) {
  E57Sample sample{.bytes_a_packet = 5};
  std::vector<double> x, y, z;
  for (int i = 0; i < 100; ++i) {
    x.push_back(i * 20000);
    y.push_back(i);
    z.push_back(i % 8);
  }
  const auto scaled = [](const char* name, std::uint32_t bits, std::vector<double> values) {
    return E57Column{.xml = std::string("<") + name + " type=\"ScaledInteger\" minimum=\"-5\" maximum=\"" +
                            std::to_string((1 << bits) - 6) + "\" scale=\"1e-3\" offset=\"2.5\"/>",
                     .num_bits = bits,
                     .values = std::move(values)};
  };
  sample.scans.push_back(
      {.columns = {scaled("cartesianX", 21, x), scaled("cartesianY", 7, y), scaled("cartesianZ", 3, z)}});
  const auto content = parseE57(encode(sample), "a.e57");
  ASSERT_TRUE(content) << content.error().message;
  ASSERT_EQ(content->mesh.vertices.size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) {
    const Eigen::Vector3d stored(x[i], y[i], z[i]);
    const Eigen::Vector3d expected = (stored.array() - 5) * 1e-3 + 2.5;
    // A float of some thousand is exact to 1e-4.
    ASSERT_LT((content->mesh.vertices.positions_m[i].cast<double>() - expected).norm(), 2e-4) << i;
  }
}

TEST(E57, ScansAreTurnedAndMovedByTheirPoses) {
  E57Sample sample;
  sample.scans.push_back(
      {.columns = {single("cartesianX", {1}), single("cartesianY", {0}), single("cartesianZ", {0})},
       .xml = "<pose type=\"Structure\"><rotation type=\"Structure\"><w type=\"Float\">0.70710678118654752</w>"
              "<x type=\"Float\"/><y type=\"Float\"/><z type=\"Float\">0.70710678118654752</z></rotation>"
              "<translation type=\"Structure\"><x type=\"Float\">500000</x><y type=\"Float\">2</y>"
              "<z type=\"Float\">3</z></translation></pose>"});
  sample.scans.push_back(
      {.columns = {single("cartesianX", {500001}), single("cartesianY", {0}), single("cartesianZ", {0})}});
  const auto content = parseE57(encode(sample), "a.e57");
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(content->offset_m, Eigen::Vector3d(500000, 0, 0));
  ASSERT_EQ(content->mesh.vertices.size(), 2U);
  EXPECT_LT((content->mesh.vertices.positions_m[0] - Eigen::Vector3f(0, 3, 3)).norm(), 1e-5F);
  EXPECT_EQ(content->mesh.vertices.positions_m[1], Eigen::Vector3f(1, 0, 0));
  EXPECT_THAT(content->notes, ElementsAre(HasSubstr("2 scans")));
}

TEST(E57, LeavesOutInvalidPointsAndCountsThem) {
  E57Sample sample;
  sample.scans.push_back({.columns = {single("cartesianX", {1, 2, 3}),
                                      single("cartesianY", {0, 0, 0}),
                                      single("cartesianZ", {0, 0, 0}),
                                      integer("cartesianInvalidState", 0, 2, {0, 2, 0})}});
  const auto content = parseE57(encode(sample), "a.e57").value();
  EXPECT_THAT(content.mesh.vertices.positions_m, ElementsAre(Eigen::Vector3f(1, 0, 0), Eigen::Vector3f(3, 0, 0)));
  EXPECT_THAT(content.notes, ElementsAre(HasSubstr("1 points are marked as invalid")));
}

TEST(E57, ReadsSphericalCoordinates) {
  constexpr double kQuarter = std::numbers::pi / 2;
  E57Sample sample;
  sample.scans.push_back({.columns = {single("sphericalRange", {2, 2, 3}),
                                      single("sphericalAzimuth", {0, kQuarter, 0}),
                                      single("sphericalElevation", {0, 0, kQuarter})}});
  const auto positions = parseE57(encode(sample), "a.e57")->mesh.vertices.positions_m;
  // Sines and cosines of floats.
  EXPECT_LT((positions.at(0) - Eigen::Vector3f(2, 0, 0)).norm(), 1e-6F);
  EXPECT_LT((positions.at(1) - Eigen::Vector3f(0, 2, 0)).norm(), 1e-6F);
  EXPECT_LT((positions.at(2) - Eigen::Vector3f(0, 0, 3)).norm(), 1e-6F);
}

TEST(E57, ColumnsOfLabelsAndNormalsComeAlong) {
  E57Sample sample;
  sample.scans.push_back({.columns = {single("cartesianX", {1, 2}),
                                      single("cartesianY", {0, 0}),
                                      single("cartesianZ", {0, 0}),
                                      integer("ext:classification", 2, 9, {2, 6}),
                                      integer("rowIndex", 0, 1, {0, 1}),
                                      single("nor:normalX", {0, 1}),
                                      single("nor:normalY", {0, 0}),
                                      single("nor:normalZ", {1, 0})}});
  const auto content = parseE57(encode(sample), "a.e57").value();
  EXPECT_THAT(content.vertex_scalars.at("classification"), ElementsAre(2, 6));
  EXPECT_THAT(content.mesh.vertices.normals, ElementsAre(Eigen::Vector3f(0, 0, 1), Eigen::Vector3f(1, 0, 0)));
}

TEST(E57, ColoursOfShortsAndOfSmallLimitsKeepTheirRange) {
  E57Sample sample;
  const auto coordinates = [](std::vector<E57Column> more) {
    std::vector<E57Column> columns{single("cartesianX", {1}), single("cartesianY", {0}), single("cartesianZ", {0})};
    columns.insert(columns.end(), more.begin(), more.end());
    return columns;
  };
  sample.scans.push_back({.columns = coordinates({integer("colorRed", 0, 65535, {65535}),
                                                  integer("colorGreen", 0, 65535, {257}),
                                                  integer("colorBlue", 0, 65535, {0})})});
  EXPECT_THAT(parseE57(encode(sample), "a.e57")->mesh.vertices.colors, ElementsAre(Rgb8{255, 1, 0}));
  sample.scans[0].columns = coordinates(
      {integer("colorRed", 0, 255, {40}), integer("colorGreen", 0, 255, {20}), integer("colorBlue", 0, 255, {0})});
  sample.scans[0].xml =
      "<colorLimits type=\"Structure\"><colorRedMaximum type=\"Integer\">40</colorRedMaximum>"
      "<colorGreenMaximum type=\"Integer\">20</colorGreenMaximum></colorLimits>";
  EXPECT_THAT(parseE57(encode(sample), "a.e57")->mesh.vertices.colors, ElementsAre(Rgb8{40, 20, 0}));
}

TEST(E57, RefusesDamageByItsPlace) {
  E57Sample sample;
  sample.scans.push_back(
      {.columns = {single("cartesianX", {1}), single("cartesianY", {0}), single("cartesianZ", {0})}, .name = "hall"});
  auto bytes = encode(sample);
  bytes[100] ^= std::byte{1};
  EXPECT_THAT(parseE57(bytes, "a.e57").error().message, HasSubstr("checksum"));
  bytes = encode(sample);
  bytes.resize(bytes.size() / 2);
  EXPECT_THAT(parseE57(bytes, "a.e57").error().message, HasSubstr("cut short"));
  EXPECT_THAT(parseE57(testing::bytesOf("ASTM-E57"), "a.e57").error().message, HasSubstr("header"));
  sample.scans[0].columns.pop_back();
  EXPECT_THAT(parseE57(encode(sample), "a.e57").error().message, HasSubstr("positions"));
}

TEST(E57, SaysWhatAScanAnnouncesAndDoesNotHold) {
  E57Sample sample;
  sample.scans.push_back({.columns = {single("cartesianX", {1}), single("cartesianY", {0}), single("cartesianZ", {0})},
                          .num_points = 4000000000});
  EXPECT_THAT(parseE57(encode(sample), "a.e57")->notes,
              ElementsAre(HasSubstr("announces 4000000000 points and holds 1")));
  sample.scans[0].columns = {
      integer("cartesianX", 1, 1, {}), integer("cartesianY", 1, 1, {}), integer("cartesianZ", 1, 1, {})};
  EXPECT_THAT(parseE57(encode(sample), "a.e57").error().message, HasSubstr("alike"));
}

TEST(Crc32c, HasItsCheckValue) { EXPECT_EQ(e57::crc32c(testing::bytesOf("123456789")), 0xe3069283U); }

}  // namespace
}  // namespace tagscape
