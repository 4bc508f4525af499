#include "core/geometry/project_values.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tagscape {
namespace {

constexpr Intrinsics kCamera{40, 40, 15.5, 11.5, 32, 24};

/// A visibility with points at given pixels and depths.
VisibilityResult visibilityOf(const std::vector<Eigen::Vector3f>& u_v_depth, Visibility reason = Visibility::Visible) {
  VisibilityResult visibility;
  for (const auto& p : u_v_depth) {
    visibility.pixel.emplace_back(p.x(), p.y());
    visibility.depth_m.push_back(p.z());
    visibility.depth_difference_m.push_back(0);
    visibility.reason.push_back(reason);
  }
  return visibility;
}

std::size_t numPainted(const Image<float>& image) {
  std::size_t count = 0;
  for (const float value : image.pixels) count += std::isnan(value) ? 0 : 1;
  return count;
}

TEST(ProjectValues, PaintsAPointWithoutExtentIntoItsOwnPixelOnly) {
  const std::vector<float> values{7};
  const auto image = projectValues(visibilityOf({{10.3F, 5.7F, 2}}), values, kCamera, 32, 24, 1e-6F);
  EXPECT_EQ(image.at(10, 6), 7);
  EXPECT_EQ(numPainted(image), 1U);
}

TEST(ProjectValues, TheNearerOfTwoPointsWins) {
  const std::vector<float> values{1, 2};
  EXPECT_EQ(projectValues(visibilityOf({{10, 5, 2}, {10, 5, 1}}), values, kCamera, 32, 24, 1e-6F).at(10, 5), 2);
  EXPECT_EQ(projectValues(visibilityOf({{10, 5, 1}, {10, 5, 2}}), values, kCamera, 32, 24, 1e-6F).at(10, 5), 1);
}

TEST(ProjectValues, APointOneSpacingWideClosesTheGapToItsNeighbour) {
  // 5 cm at 1 m are 2 pixels: two neighbours 2 pixels apart leave none between them.
  const std::vector<float> values{1, 1};
  const auto image = projectValues(visibilityOf({{10, 5, 1}, {12, 5, 1}}), values, kCamera, 32, 24, 0.05F);
  for (int x = 9; x <= 13; ++x) EXPECT_FALSE(std::isnan(image.at(x, 5))) << x;
  EXPECT_TRUE(std::isnan(image.at(15, 5)));
}

TEST(ProjectValues, LeavesOutWhatIsNotVisible) {
  const std::vector<float> values{1};
  for (const auto reason :
       {Visibility::Occluded, Visibility::NoDepth, Visibility::Outside, Visibility::Behind, Visibility::NoPose}) {
    EXPECT_EQ(numPainted(projectValues(visibilityOf({{10, 5, 2}}, reason), values, kCamera, 32, 24, 0.1F)), 0U);
  }
}

TEST(ProjectValues, ScalesPixelsToTheSizeAskedFor) {
  // Pixel 21 of 32 lies at (21 + .5) / 2 - .5 = 10.25 of 16.
  const std::vector<float> values{3};
  const auto image = projectValues(visibilityOf({{21, 9, 2}}), values, kCamera, 16, 12, 1e-6F);
  EXPECT_EQ(image.at(10, 4), 3);
  EXPECT_EQ(numPainted(image), 1U);
}

TEST(ProjectReasons, ShowsWhatCoversTheViewAndNotWhatLiesOutside) {
  auto visibility = visibilityOf({{10, 5, 3}, {10, 5, 1}, {20, 5, 1}});
  visibility.reason = {Visibility::Occluded, Visibility::Visible, Visibility::Occluded};
  const auto image = projectReasons(visibility, kCamera, 32, 24, 1e-6F);
  EXPECT_EQ(image.at(10, 5), static_cast<std::uint8_t>(Visibility::Visible));
  EXPECT_EQ(image.at(20, 5), static_cast<std::uint8_t>(Visibility::Occluded));
  EXPECT_EQ(image.at(0, 0), 255);
}

}  // namespace
}  // namespace tagscape
