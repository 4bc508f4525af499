#include "ui/render/point_columns.h"

#include "ui/render/point_cloud_renderer.h"

#include <gtest/gtest.h>

#include <limits>

namespace tagscape {
namespace {

constexpr double kQuantisation = 1. / 65534;  // Values of 0 … 1 in 16 bits.

constexpr std::size_t kClass = 4, kOther = 7;

SceneCams threePoints() {
  SceneCams cams;
  cams.point_labels = {kClass, kOther, kNoClass};
  cams.point_values.assign(3 * kNumClasses, 0.F);
  cams.point_values[kClass] = 1;
  cams.point_values[kOther] = .25F;
  cams.point_values[kNumClasses + kOther] = .5F;
  return cams;
}

TEST(PointColumns, PackTheCamOfEachClassThatHasOne) {
  const CamColumns columns = packCams(threePoints());
  EXPECT_EQ(columns.cam[kClass].values, (std::vector<std::uint16_t>{kFullValue, 0, 0}));
  EXPECT_EQ(columns.cam[kOther].values, (std::vector<std::uint16_t>{16384, kFullValue / 2, 0}));
  EXPECT_TRUE(columns.cam[0].values.empty());
  EXPECT_NEAR(columns.cam[kOther].extent.high, .5, kQuantisation);
}

TEST(PointColumns, TakeTheLargestShareForConfidence) {
  EXPECT_EQ(packCams(threePoints()).confidence, (std::vector<std::uint8_t>{204, 255, 0}));  // 1 / 1.25 of 255
}

TEST(PointColumns, MarkPointsThatNoFrameSees) {
  LiftedCams lifted;
  lifted.values[kClass] = {.5F, std::numeric_limits<float>::quiet_NaN(), 1};
  const ClassColumns columns = packLifted(lifted);
  EXPECT_EQ(columns[kClass].values, (std::vector<std::uint16_t>{kFullValue / 2, kUnseenValue, kFullValue}));
  EXPECT_NEAR(columns[kClass].extent.low, .5, kQuantisation);
  EXPECT_NEAR(columns[kClass].extent.high, 1, kQuantisation);
}

TEST(PointColumns, FindTheLargestDisagreementOfPointsThatAreSeen) {
  LiftedCams lifted;
  lifted.values[kClass] = {.5F, std::numeric_limits<float>::quiet_NaN(), .2F};
  const ValueColumn cam{{kFullValue, kFullValue, 0}, {}};
  const HeatRange extent = disagreementExtent(cam, packLifted(lifted)[kClass]);
  EXPECT_NEAR(extent.low, .2, kQuantisation);
  EXPECT_NEAR(extent.high, .5, kQuantisation);
}

TEST(PointColumns, GiveNeighbouringSuperpointsOtherColours) {
  const std::vector<std::uint32_t> superpoints{0, 1, 2, 3, 1};
  const auto rows = packSuperpoints(superpoints);
  EXPECT_EQ(rows[1], rows[4]);
  for (std::size_t i = 0; i + 2 < rows.size(); ++i) EXPECT_NE(rows[i], rows[i + 1]);
}

}  // namespace
}  // namespace tagscape
