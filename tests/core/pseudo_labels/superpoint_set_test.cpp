#include "core/pseudo_labels/superpoint_set.h"

#include "core/base/random.h"
#include "tests/support/tolerances.h"

#include <Eigen/Cholesky>
#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

SuperpointShape ball(double x_m, double radius_m, double size) {
  return {Eigen::Vector3d(x_m, 0, 0), radius_m * radius_m * Eigen::Matrix3d::Identity(), size};
}

TEST(AdjacencyOf, WeighsNeighboursByDistanceInDeviationsAndByTheRootOfTheirSize) {
  // Deviations of 0.3, 0.4 and a reach of 0.1 m: 0.26 m² together.
  const std::vector<SuperpointShape> places{ball(0, .3, 10), ball(.5, .4, 100), ball(-.5, .4, 25), ball(9, .3, 50)};
  const SuperpointAdjacency adjacency = adjacencyOf(places, .1);
  ASSERT_EQ(adjacency.rows(), 4);
  ASSERT_EQ(adjacency.cols(), 4);
  EXPECT_NEAR(adjacency.coeff(0, 1), 10. / 15, testing::kDoubleRounding) << "as near as the other, four times its size";
  EXPECT_NEAR(adjacency.coeff(0, 2), 5. / 15, testing::kDoubleRounding);
  EXPECT_EQ(adjacency.coeff(0, 0), 0) << "not its own neighbour";
  EXPECT_EQ(adjacency.coeff(0, 3), 0) << "far away";
  EXPECT_EQ(adjacency.row(3).sum(), 0);
  const double to_first = std::exp(-.25 / .26 / 2) * std::sqrt(10.);
  const double to_third = std::exp(-1 / .33 / 2) * std::sqrt(25.);
  EXPECT_NEAR(adjacency.coeff(1, 0), to_first / (to_first + to_third), testing::kDoubleRounding);
}

TEST(AdjacencyOf, IsFarAcrossAWallAndNearAlongIt) {
  SuperpointShape wall = ball(0, 0, 100);
  wall.covariance_m2(1, 1) = 1;  // two metres long, thin in x
  SuperpointShape along = ball(0, .05, 10), across = ball(.6, .05, 10);
  along.centre_m.y() = 1.5;
  const SuperpointAdjacency adjacency = adjacencyOf(std::vector<SuperpointShape>{wall, along, across}, .1);
  EXPECT_GT(adjacency.coeff(0, 1), 0);
  EXPECT_EQ(adjacency.coeff(0, 2), 0);
}

TEST(AdjacencyOf, LeavesOutUnusedNumbersAndAcceptsNoSuperpoints) {
  const SuperpointAdjacency adjacency = adjacencyOf(std::vector<SuperpointShape>{ball(0, .3, 10), ball(.1, .3, 0)});
  EXPECT_EQ(adjacency.rows(), 2);
  EXPECT_EQ(adjacency.nonZeros(), 0);
  EXPECT_EQ(adjacencyOf({}).rows(), 0);
}

TEST(AdjacencyOf, IsThatOfAllPairsWhereverTheyLie) {
  // 60 superpoints in a room at projected coordinates, compared with a loop over all pairs.
  constexpr double kCancellation = 1e-8;  // Differences of coordinates of 5e6 m keep 1e-9 m in float64.
  Random random(2);
  std::vector<SuperpointShape> places;
  for (int i = 0; i < 60; ++i) {
    SuperpointShape place = ball(4e5 + random.uniform(0, 5), .05, 1 + static_cast<double>(random.below(90)));
    place.centre_m.y() = 5e6 + random.uniform(0, 4);
    place.centre_m.z() = random.uniform(0, 2.5);
    place.covariance_m2(i % 3, i % 3) += random.uniform(0, .5);
    places.push_back(place);
  }
  places[7].size = 0;
  const Eigen::MatrixXd adjacency = adjacencyOf(places, .1);
  for (Eigen::Index i = 0; i < 60; ++i) {
    Eigen::RowVectorXd expected = Eigen::RowVectorXd::Zero(60);
    for (Eigen::Index j = 0; j < 60; ++j) {
      const SuperpointShape &a = places[static_cast<std::size_t>(i)], &b = places[static_cast<std::size_t>(j)];
      const Eigen::Vector3d apart = a.centre_m - b.centre_m;
      const Eigen::Matrix3d both = a.covariance_m2 + b.covariance_m2 + .01 * Eigen::Matrix3d::Identity();
      const double apart2 = apart.dot(both.ldlt().solve(apart));
      if (i != j && a.size > 0 && b.size > 0 && apart2 <= 9) expected[j] = std::exp(-apart2 / 2) * std::sqrt(b.size);
    }
    if (expected.sum() > 0) expected /= expected.sum();
    EXPECT_LT((adjacency.row(i) - expected).cwiseAbs().maxCoeff(), kCancellation) << i;
  }
}

TEST(StandardisedFeatures, HaveMeanZeroAndDeviationOneOverVisibleSuperpoints) {
  SuperpointSet first, second;
  first.features.resize(2, 2);
  first.features << 1, 7, 3, 7;
  first.sizes = Eigen::Vector2d(5, 9);
  second.features.resize(2, 2);
  second.features << 5, 7, 1000, 7;
  second.sizes = Eigen::Vector2d(1, 0);  // no frame shows the last
  const auto features = standardisedFeatures({first, second});
  const double deviation = std::sqrt(8. / 3);
  constexpr double kVarianceFloor = 1e-5;  // What is added to deviations, so that constant features do not divide by 0.
  EXPECT_NEAR(features[0](0, 0), -2 / deviation, kVarianceFloor);
  EXPECT_NEAR(features[0](1, 0), 0, kVarianceFloor);
  EXPECT_NEAR(features[1](0, 0), 2 / deviation, kVarianceFloor);
  EXPECT_NEAR(features[0](0, 1), 0, kVarianceFloor) << "a constant feature becomes 0";
  EXPECT_TRUE(standardisedFeatures({}).empty());
}

}  // namespace
}  // namespace tagscape
