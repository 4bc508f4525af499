#include "core/geometry/point_operators.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/geometry/point_hierarchy.h"
#include "tests/support/tolerances.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <stdexcept>

namespace tagscape {
namespace {

using testing::kFloatSumRounding;

using Points = std::vector<Eigen::Vector3f>;
using ::testing::ElementsAre;

/// Most points in a room, some in a tight cluster, so that grid cells hold none, one or many.
Points randomPoints(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  const auto coordinate = [&](double from, double to) { return static_cast<float>(random.uniform(from, to)); };
  Points points;
  for (std::size_t i = 0; i < count; ++i) {
    points.emplace_back(i % 4 == 0 ? Eigen::Vector3f(coordinate(1, 1.1), coordinate(1, 1.1), coordinate(0, .1))
                                   : Eigen::Vector3f(coordinate(-2, 5), coordinate(0, 3), coordinate(0, 2.4)));
  }
  return points;
}

/// Levels of these sizes; the radii grow.
PointHierarchyOptions levelsOf(const std::vector<std::size_t>& sizes, std::size_t num_neighbours) {
  PointHierarchyOptions options;
  float radius_m = 0.25F;
  for (const std::size_t size : sizes) {
    options.levels.push_back({size, {{radius_m, num_neighbours}}});
    radius_m *= 2.4F;
  }
  return options;
}

std::vector<std::uint32_t> farthestByForce(const Points& points,
                                           std::size_t num_samples,
                                           const FarthestOptions& options) {
  std::vector<float> distance(points.size(), 1e30F);
  std::vector<std::uint32_t> chosen{static_cast<std::uint32_t>(options.first)};
  while (chosen.size() < num_samples) {
    float farthest = -1;
    std::uint32_t next = 0;
    for (std::uint32_t i = 0; i < points.size(); ++i) {
      if (options.skip_near_origin && points[i].squaredNorm() <= kNearOrigin_m2) continue;
      distance[i] = std::min(distance[i], (points[i] - points[chosen.back()]).squaredNorm());
      if (distance[i] > farthest) {
        farthest = distance[i];
        next = i;
      }
    }
    chosen.push_back(next);
  }
  return chosen;
}

std::vector<std::uint32_t> nearestByForce(const Points& points, const Eigen::Vector3f& query, std::size_t k) {
  std::vector<std::uint32_t> order(points.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return (points[a] - query).squaredNorm() < (points[b] - query).squaredNorm();
  });
  order.resize(k);
  return order;
}

TEST(FarthestPoints, TakesTheEndsOfALineFirst) {
  const Points line{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {3, 0, 0}, {10, 0, 0}};
  EXPECT_THAT(farthestPoints(line, 4), ElementsAre(0U, 4U, 3U, 1U));
}

TEST(FarthestPoints, AlwaysAddsAPointThatIsFarthestFromTheChosen) {
  const Points points = randomPoints(300, 1);
  const auto chosen = farthestPoints(points, 40, {.first = 17});
  ASSERT_EQ(chosen.front(), 17U);
  const auto distance = [&](const Eigen::Vector3f& point, std::size_t num_chosen) {
    float nearest = 1e9F;
    for (std::size_t i = 0; i < num_chosen; ++i) nearest = std::min(nearest, (points[chosen[i]] - point).squaredNorm());
    return nearest;
  };
  for (std::size_t n = 1; n < chosen.size(); ++n) {
    float farthest = 0;
    for (const auto& point : points) farthest = std::max(farthest, distance(point, n));
    EXPECT_EQ(distance(points[chosen[n]], n), farthest);
  }
}

TEST(FarthestPoints, AgreesWithLookingAtEveryPoint) {
  Points points = randomPoints(5000, 11);
  // Equal points and equal distances: of those the first in order is to be taken.
  for (int x = 0; x < 12; ++x) {
    for (int y = 0; y < 12; ++y) points.emplace_back(static_cast<float>(x), static_cast<float>(y), 0.F);
  }
  points.insert(points.end(), points.begin(), points.begin() + 100);
  const FarthestOptions options{.first = 3};
  EXPECT_EQ(farthestPoints(points, 2500, options), farthestByForce(points, 2500, options));
  EXPECT_EQ(farthestPoints(points, points.size(), options), farthestByForce(points, points.size(), options));
}

TEST(FarthestPoints, LeavesOutPointsAtTheOriginAsTheCudaKernelDoes) {
  Points points = randomPoints(500, 12);
  for (std::size_t i = 0; i < points.size(); i += 5) points[i] *= 0.005F;
  const FarthestOptions options{.first = 0, .skip_near_origin = true};
  const auto chosen = farthestPoints(points, 300, options);
  EXPECT_EQ(chosen, farthestByForce(points, 300, options));
  for (std::size_t n = 1; n < chosen.size(); ++n) EXPECT_GT(points[chosen[n]].squaredNorm(), kNearOrigin_m2);
  const Points padding(10, Eigen::Vector3f(0.01F, 0, 0));
  EXPECT_THAT(farthestPoints(padding, 3, options), ElementsAre(0U, 0U, 0U));
}

TEST(FarthestPoints, TakeEqualAndNearlyEqualPoints) {
  EXPECT_THAT(farthestPoints(Points(200, Eigen::Vector3f(1, 2, 3)), 3), ElementsAre(0U, 0U, 0U));
  Points near(100, Eigen::Vector3f::Zero());
  near[70].x() = 1e-37F;
  EXPECT_EQ(farthestPoints(near, 2).size(), 2U);
}

TEST(FarthestPoints, RefusesMoreSamplesThanPoints) {
  EXPECT_THROW((void)farthestPoints(randomPoints(3, 1), 4), std::logic_error);
}

class PointGridCellSizes : public ::testing::TestWithParam<float> {};

TEST_P(PointGridCellSizes, NearestAgreesWithLookingAtEveryPoint) {
  const Points points = randomPoints(500, 2);
  Points queries = randomPoints(60, 3);
  queries.insert(queries.end(), points.begin(), points.begin() + 20);
  queries.emplace_back(100, -50, 3);  // Far outside of the grid.
  queries.emplace_back(-30, 1, 1);
  const auto found = PointGrid(points, GetParam()).nearest(queries, 5);
  for (std::size_t q = 0; q < queries.size(); ++q) {
    const auto expected = nearestByForce(points, queries[q], 5);
    for (std::size_t n = 0; n < 5; ++n) EXPECT_EQ(found.index[q * 5 + n], expected[n]) << "query " << q;
  }
}

TEST_P(PointGridCellSizes, BallQueryAgreesWithLookingAtEveryPoint) {
  const Points points = randomPoints(500, 4);
  Points centres = randomPoints(60, 5);
  centres.emplace_back(50, 50, 50);
  constexpr float kRadius_m = 0.45F;
  constexpr std::size_t kNeighbours = 8;
  const auto cycled = PointGrid(points, GetParam()).ballQuery(centres, kRadius_m, kNeighbours, BallPadding::Cycle);
  const auto first = PointGrid(points, GetParam()).ballQuery(centres, kRadius_m, kNeighbours);
  for (std::size_t c = 0; c < centres.size(); ++c) {
    std::vector<std::uint32_t> inside;
    for (std::uint32_t i = 0; i < points.size(); ++i) {
      if ((points[i] - centres[c]).squaredNorm() < kRadius_m * kRadius_m) inside.push_back(i);
    }
    const auto others = inside.empty() ? nearestByForce(points, centres[c], 1) : inside;
    if (inside.empty()) inside = {0};
    for (std::size_t n = 0; n < kNeighbours; ++n) {
      EXPECT_EQ(cycled[c * kNeighbours + n], others[n % std::min(kNeighbours, others.size())]) << "centre " << c;
      EXPECT_EQ(first[c * kNeighbours + n], inside[n < inside.size() ? n : 0]) << "centre " << c;
    }
  }
}

TEST(PointGrid, CountsAPointAtTheRadiusAsOutside) {
  const Points points{{0, 0, 0}, {0.5F, 0, 0}, {1, 0, 0}};
  EXPECT_THAT(PointGrid(points, 1).ballQuery(Points{{0, 0, 0}}, 0.5F, 2), ElementsAre(0U, 0U));
  EXPECT_THAT(PointGrid(points, 1).ballQuery(Points{{0, 0, 0}}, 0.501F, 2), ElementsAre(0U, 1U));
}

TEST_P(PointGridCellSizes, NearestIsExactFarFromTheOrigin) {
  // Positions that a float has at this distance: multiples of 1/32 m.
  const auto moved = [](Points points) {
    for (auto& point : points) {
      point = (point * 32).array().round() / 32;
      point += Eigen::Vector3f(500'000, -500'000, 250'000);
    }
    return points;
  };
  const Points points = moved(randomPoints(800, 13));
  const Points queries = moved(randomPoints(200, 14));
  const auto found = PointGrid(points, GetParam()).nearest(queries, 5);
  for (std::size_t q = 0; q < queries.size(); ++q) {
    const auto expected = nearestByForce(points, queries[q], 5);
    for (std::size_t n = 0; n < 5; ++n) EXPECT_EQ(found.index[q * 5 + n], expected[n]) << "query " << q;
  }
}

TEST(PointGrid, RefusesCoordinatesThatHaveNoCells) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float far : {3e38F, 2e18F, std::numeric_limits<float>::infinity(), nan}) {
    const Points points{{0, 0, 0}, {1, far, 0}, {1, -far, 0}};
    EXPECT_THROW(PointGrid(points, 1), std::logic_error) << far;
  }
  const Points widest{{0, 0, 0}, {1e18F, 0, 0}};
  EXPECT_THAT(PointGrid(widest, 1).nearest(Points{{8e17F, 0, 0}}, 2).index, ElementsAre(1U, 0U));
}

INSTANTIATE_TEST_SUITE_P(PointGrid, PointGridCellSizes, ::testing::Values(0.01F, 0.3F, 2.F, 50.F));

TEST(PointGrid, FindsTheSameWithAnyNumberOfThreads) {
  const Points points = randomPoints(3000, 6);
  setNumThreads(1);
  const auto one = PointGrid(points, .2F).nearest(points, 3).index;
  setNumThreads(4);
  const auto four = PointGrid(points, .2F).nearest(points, 3).index;
  setNumThreads(0);
  EXPECT_EQ(one, four);
}

TEST(PointGrid, HoldsACloudOfEqualPoints) {
  const Points points(10, Eigen::Vector3f(1, 2, 3));
  const auto found = PointGrid(points, .1F).nearest(Points{{0, 0, 0}}, 3);
  EXPECT_THAT(found.index, ElementsAre(0U, 1U, 2U));
}

TEST(BuildHierarchy, KeepsFewerPointsFromLevelToLevelAndNamesOnlyRowsThatExist) {
  const Points points = randomPoints(400, 7);
  const PointHierarchy hierarchy = buildHierarchy(points, levelsOf({100, 30, 10}, 8));
  ASSERT_EQ(hierarchy.levels.size(), 3U);
  std::size_t finer = points.size();
  for (const PointLevel& level : hierarchy.levels) {
    EXPECT_EQ(level.centres.size(), level.num_points);
    EXPECT_EQ(std::set(level.centres.begin(), level.centres.end()).size(), level.num_points);
    EXPECT_EQ(level.neighbours[0].size(), level.num_points * 8);
    EXPECT_EQ(level.interpolate_from.size(), finer * 3);
    for (const std::int64_t row : level.neighbours[0]) EXPECT_LT(row, static_cast<std::int64_t>(finer));
    for (const std::int64_t row : level.interpolate_from) EXPECT_LT(row, static_cast<std::int64_t>(level.num_points));
    finer = level.num_points;
  }
}

TEST(BuildHierarchy, GivesAPointThatWasKeptItsOwnFeaturesBack) {
  const Points points = randomPoints(200, 8);
  const PointLevel level = buildHierarchy(points, levelsOf({50}, 4)).levels[0];
  for (std::size_t m = 0; m < level.num_points; ++m) {
    const auto row = static_cast<std::size_t>(level.centres[m]);
    float sum = 0;
    for (std::size_t n = 0; n < 3; ++n) sum += level.interpolate_weight[row * 3 + n];
    EXPECT_NEAR(sum, 1, kFloatSumRounding);
    EXPECT_EQ(level.interpolate_from[row * 3], static_cast<std::int64_t>(m));
    EXPECT_GT(level.interpolate_weight[row * 3], 0.9F);
  }
}

TEST(BuildHierarchy, UsesAllPointsOfACloudThatIsSmallerThanALevel) {
  const PointHierarchy hierarchy = buildHierarchy(randomPoints(20, 9), smallPointHierarchy());
  EXPECT_EQ(hierarchy.levels[0].num_points, 20U);
  EXPECT_EQ(hierarchy.levels[2].num_points, 20U);
}

}  // namespace
}  // namespace tagscape
