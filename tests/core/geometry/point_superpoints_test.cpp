#include "core/geometry/point_superpoints.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace tagscape {
namespace {

constexpr std::uint32_t kSide = 30;
constexpr float kApart_m = .03F;

/// A square of points in a plane: `right` and `up` are the steps between them.
void addSheet(PointCloud& points,
              const Eigen::Vector3f& corner,
              const Eigen::Vector3f& right,
              const Eigen::Vector3f& up,
              Rgb8 color) {
  for (std::uint32_t row = 0; row < kSide; ++row) {
    for (std::uint32_t column = 0; column < kSide; ++column) {
      points.positions_m.emplace_back(corner + static_cast<float>(column) * right + static_cast<float>(row) * up);
      points.colors.push_back(color);
    }
  }
}

constexpr Rgb8 kGray{120, 120, 120}, kRed{200, 40, 40};
const Eigen::Vector3f kX(kApart_m, 0, 0), kY(0, kApart_m, 0), kZ(0, 0, kApart_m);

std::uint32_t inMiddle(std::uint32_t sheet) { return sheet * kSide * kSide + kSide * kSide / 2 + kSide / 2; }

TEST(PointsSuperpoints, DividesAFloorFromAWall) {
  PointCloud points;
  addSheet(points, {0, 0, 0}, kX, kY, kGray);
  addSheet(points, {0, -kApart_m, kApart_m}, kX, kZ, kGray);
  const auto superpoints = pointSuperpoints(points);
  ASSERT_EQ(superpoints.size(), points.size());
  EXPECT_NE(superpoints[inMiddle(0)], superpoints[inMiddle(1)]);
  EXPECT_EQ(superpoints[inMiddle(0)], superpoints[inMiddle(0) - 8]);
}

TEST(PointsSuperpoints, DividesAPictureFromItsWallByColor) {
  PointCloud points;
  addSheet(points, {0, 0, 0}, kX, kY, kGray);
  addSheet(points, {kApart_m * kSide, 0, 0}, kX, kY, kRed);
  const auto superpoints = pointSuperpoints(points);
  EXPECT_NE(superpoints[inMiddle(0)], superpoints[inMiddle(1)]);
  const auto by_shape = pointSuperpoints(points, {.color_weight = 0});
  EXPECT_EQ(by_shape[inMiddle(0)], by_shape[inMiddle(1)]);
}

TEST(PointsSuperpoints, DividesWhatLiesApart) {
  PointCloud points;
  addSheet(points, {0, 0, 0}, kX, kY, kGray);
  addSheet(points, {0, 0, .5F}, kX, kY, kGray);
  const auto superpoints = pointSuperpoints(points);
  EXPECT_EQ(std::set(superpoints.begin(), superpoints.end()).size(), 2U);
}

TEST(PointsSuperpoints, LeavesPointsThatAreNotFiniteAlone) {
  PointCloud points;
  addSheet(points, {0, 0, 0}, kX, kY, kGray);
  points.positions_m[7].x() = std::numeric_limits<float>::quiet_NaN();
  const auto superpoints = pointSuperpoints(points);
  EXPECT_EQ(std::count(superpoints.begin(), superpoints.end(), superpoints[7]), 1);
  EXPECT_EQ(std::set(superpoints.begin(), superpoints.end()).size(), 2U);
  EXPECT_TRUE(pointSuperpoints({}).empty());
}

TEST(PointsSuperpoints, TellsHowFarItIsAndStopsWhenAsked) {
  PointCloud points;
  for (int i = 0; i < 100; ++i) addSheet(points, {0, 0, .2F * static_cast<float>(i)}, kX, kY, kGray);
  std::vector<Progress> told;
  Job job{[&told](const Progress& progress) { told.push_back(progress); }, {}};
  EXPECT_EQ(pointSuperpoints(points, {}, job).value(), pointSuperpoints(points));
  ASSERT_GE(told.size(), 4U) << "two passes over 90,000 points, by blocks";
  for (std::size_t i = 1; i < told.size(); ++i) EXPECT_GT(told[i].done, told[i - 1].done);
  EXPECT_LT(told.back().done, told.back().total);
  std::stop_source stop;
  std::size_t num_told = 0;
  job = {[&](const Progress&) {
           ++num_told;
           stop.request_stop();
         },
         stop.get_token()};
  const auto stopped = pointSuperpoints(points, {}, job);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(num_told, 1U);
}

}  // namespace
}  // namespace tagscape
