#include "core/geometry/frame_points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace tagscape {
namespace {

TEST(FramePoints, FindsWhatBruteForceFinds) {
  constexpr int kWidth = 97, kHeight = 61;  // No multiples of a cell.
  std::mt19937 random(5);
  std::uniform_real_distribution<float> x(-.5F, kWidth - .51F), y(-.5F, kHeight - .51F);
  VisibilityResult visibility;
  for (int i = 0; i < 4000; ++i) {
    visibility.pixel.emplace_back(x(random), y(random));
    visibility.reason.push_back(static_cast<Visibility>(random() % kNumVisibilities));
  }
  const FramePoints points(visibility, kWidth, kHeight);
  const auto is_in_view = [&](std::size_t i) {
    const Visibility reason = visibility.reason[i];
    return reason != Visibility::Outside && reason != Visibility::Behind && reason != Visibility::NoPose;
  };
  for (int i = 0; i < 300; ++i) {
    const Eigen::Vector2f a(x(random), y(random)), b(x(random), y(random));
    const Eigen::Vector2f low = a.cwiseMin(b), high = a.cwiseMax(b);
    std::vector<std::uint32_t> expected, found;
    for (std::uint32_t k = 0; k < visibility.pixel.size(); ++k) {
      const auto& pixel = visibility.pixel[k];
      if (is_in_view(k) && (pixel.array() >= low.array()).all() && (pixel.array() <= high.array()).all())
        expected.push_back(k);
    }
    points.within(low, high, [&](const FramePoints::Point& point) {
      found.push_back(point.row);
      EXPECT_EQ(point.is_visible, visibility.reason[point.row] == Visibility::Visible);
    });
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, expected);
  }
}

TEST(FramePoints, AreNoneWhereNothingIsInView) {
  EXPECT_EQ(FramePoints().size(), 0U);
  VisibilityResult visibility;
  visibility.pixel.emplace_back(3, 4);
  visibility.reason.push_back(Visibility::Behind);
  const FramePoints points(visibility, 10, 10);
  points.within({0, 0}, {9, 9}, [](const FramePoints::Point&) { FAIL(); });
}

}  // namespace
}  // namespace tagscape
