// The project's own loops against the same computed by LibTorch's operators.

#include "core/nn/fused_operators_torch.h"
#include "core/nn/network_torch.h"
#include "core/nn/tensor_operators_torch.h"
#include "tests/core/nn/network_fixtures.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>

namespace tagscape {
namespace {

using testing::close;
using testing::kFloatRounding;
using testing::kRounding;
using testing::pointsOf;
using testing::tensorOf;

std::vector<std::uint32_t> indicesOf(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.flatten().contiguous();
  return {flat.data_ptr<std::int64_t>(), flat.data_ptr<std::int64_t>() + flat.numel()};
}

/// The result and the gradients of its weighted sum.
struct Computed {
  at::Tensor value;
  std::vector<at::Tensor> gradients;
};
Computed compute(const std::function<at::Tensor(const std::vector<at::Tensor>&)>& function,
                 const std::vector<at::Tensor>& inputs,
                 bool own) {
  useOwnOperators(own);
  std::vector<at::Tensor> leaves;
  for (const auto& input : inputs) leaves.push_back(input.detach().clone().requires_grad_(true));
  const at::Tensor value = function(leaves);
  (value * at::arange(value.numel(), at::kFloat).remainder(7).sub(3).view_as(value)).sum().backward();
  useOwnOperators(true);
  Computed computed{value.detach(), {}};
  for (const auto& leaf : leaves) computed.gradients.push_back(leaf.grad());
  return computed;
}

void expectBothWaysEqual(const std::function<at::Tensor(const std::vector<at::Tensor>&)>& function,
                         const std::vector<at::Tensor>& inputs) {
  const Computed own = compute(function, inputs, true);
  const Computed composed = compute(function, inputs, false);
  EXPECT_TRUE(close(own.value, composed.value));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const double largest = composed.gradients[i].abs().max().item<double>();
    EXPECT_LT((own.gradients[i] - composed.gradients[i]).abs().max().item<double>(),
              kRounding * largest + kFloatRounding)
        << i;
  }
}

TEST(TensorOperators, GiveTheIndicesOfTheCpusOwn) {
  const auto points = pointsOf(900, 1);
  const auto queries = pointsOf(300, 2);
  const at::Tensor cloud = tensorOf(points), asked = tensorOf(queries);
  for (const bool skip : {false, true}) {
    EXPECT_EQ(indicesOf(tensors::farthestPoints(cloud, 400, skip)),
              farthestPoints(points, 400, {.first = 0, .skip_near_origin = skip}));
  }
  for (const auto padding : {BallPadding::FirstHit, BallPadding::Cycle}) {
    EXPECT_EQ(indicesOf(tensors::ballQuery(cloud, asked, 0.25, 12, padding)),
              PointGrid(points, .25F).ballQuery(queries, .25F, 12, padding));
  }
  const auto [index, distance] = tensors::nearest(cloud, asked, 3);
  const auto own = PointGrid(points, .3F).nearest(queries, 3);
  EXPECT_EQ(indicesOf(index), own.index);
  for (std::size_t i = 0; i < own.index.size(); ++i)
    ASSERT_EQ(distance.flatten()[static_cast<std::int64_t>(i)].item<float>(), own.squared_distance_m2[i]);
}

TEST(TensorOperators, RepeatThePointsOfTinyClouds) {
  const auto points = pointsOf(2, 3);
  const at::Tensor cloud = tensorOf(points);
  EXPECT_EQ(indicesOf(tensors::nearest(cloud, cloud, 3).first), PointGrid(points, 1).nearest(points, 3).index);
}

TEST(MakePointBatch, FindsTheSameNeighbourhoodsBothWays) {
  const auto options = hierarchyOf(pointNet2Preset("msg").value());
  const at::Tensor clouds = at::stack({tensorOf(pointsOf(1500, 4)), tensorOf(pointsOf(1500, 5))});
  const PointBatch own = makePointBatch(clouds, {}, options, PointSearch::OwnOperators);
  const PointBatch composed = makePointBatch(clouds, {}, options, PointSearch::Tensors);
  ASSERT_EQ(own.levels.size(), 4U);
  for (std::size_t l = 0; l < own.levels.size(); ++l) {
    EXPECT_TRUE(at::equal(own.levels[l].centres, composed.levels[l].centres)) << l;
    for (std::size_t g = 0; g < 2; ++g)
      EXPECT_TRUE(at::equal(own.levels[l].neighbours[g], composed.levels[l].neighbours[g])) << l;
    EXPECT_TRUE(at::equal(own.levels[l].interpolate_from, composed.levels[l].interpolate_from)) << l;
    EXPECT_TRUE(close(own.levels[l].interpolate_weight, composed.levels[l].interpolate_weight)) << l;
  }
}

TEST(OwnOperators, AgreeWithLibTorchsAndSoDoTheirGradients) {
  at::manual_seed(3);
  const at::Tensor table = at::randn({40, 9});
  const at::Tensor index = at::randint(0, 40, {90}, at::kLong);
  const at::Tensor weight = at::rand({30, 3, 1});
  expectBothWaysEqual([&](const auto& in) { return groupRows(in[0], index); }, {table});
  expectBothWaysEqual([&](const auto& in) { return interpolateRows(in[0], index, weight); }, {table});
  expectBothWaysEqual([&](const auto& in) { return maxOverNeighbours(in[0], 8); }, {table});
  const at::Tensor scale = at::rand({5}) - .3, shift = at::randn({5});
  expectBothWaysEqual([&](const auto& in) { return scaleShiftRelu(in[0], scale, shift); }, {at::randn({2, 5, 7, 6})});
}

TEST(OwnOperators, NormaliseABatchAsLibTorchDoesAndMoveTheStatisticsAsFar) {
  at::manual_seed(4);
  const at::Tensor rows = at::randn({1300, 6}) * 3 + 50;  // More than one piece; a mean far from 0.
  std::vector<at::Tensor> means, variances;
  expectBothWaysEqual(
      [&](const auto& in) {
        BatchNorm norm{in[1], in[2], at::zeros({6}), at::ones({6})};
        const at::Tensor result = batchNormRelu(in[0], norm, true);
        means.push_back(norm.running_mean);
        variances.push_back(norm.running_variance);
        return result;
      },
      {rows, at::rand({6}) + .5, at::randn({6})});
  EXPECT_TRUE(close(means[0], means[1]));
  EXPECT_TRUE(close(variances[0], variances[1]));
}

TEST(OwnOperators, TakeTheLargestOfANormalisedBatchAsLibTorchDoes) {
  at::manual_seed(6);
  const at::Tensor rows = at::randn({1344, 9}) * 3 + 2;
  // Factors below 0 too: then the smallest row gives the largest value.
  expectBothWaysEqual(
      [&](const auto& in) {
        BatchNorm norm{in[1], in[2], at::zeros({9}), at::ones({9})};
        return batchNormReluMax(in[0], norm, true, 16);
      },
      {rows, at::randn({9}), at::randn({9})});
}

TEST(OwnOperators, HaveTheGradientsOfFiniteDifferences) {
  at::manual_seed(5);
  useOwnOperators(false);  // Doubles go the composed way; the test above ties the own loops to it.
  const at::Tensor rows = at::randn({12, 3}, at::kDouble).requires_grad_(true);
  const at::Tensor index = at::randint(0, 12, {18}, at::kLong);
  const at::Tensor weight = at::rand({6, 3, 1}, at::kDouble);
  const auto loss = [&](const at::Tensor& in) {
    return (maxOverNeighbours(groupRows(in, index), 3).pow(2).sum() + interpolateRows(in, index, weight).pow(3).sum());
  };
  loss(rows).backward();
  constexpr double kStep = 1e-6;
  constexpr double kDifferenceError = 1e-5;  // float64's rounding over the step, and more than the step's square
  for (std::int64_t i = 0; i < rows.numel(); ++i) {
    const at::Tensor moved = rows.detach().clone();
    moved.view(-1)[i] += kStep;
    const double up = loss(moved).item<double>();
    moved.view(-1)[i] -= 2 * kStep;
    EXPECT_NEAR(
        (up - loss(moved).item<double>()) / (2 * kStep), rows.grad().view(-1)[i].item<double>(), kDifferenceError);
  }
  useOwnOperators(true);
}

}  // namespace
}  // namespace tagscape
