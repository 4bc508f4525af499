// Statistics over ranks against LibTorch's own batch normalisation of the joined batch.

#include "core/distributed/process_group_torch.h"
#include "core/nn/batch_norm_torch.h"
#include "tests/support/ranks.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace tagscape {
namespace {

using testing::expectAllPass;
using testing::isRank;
using testing::runThisTestOnRanks;

constexpr double kMomentum = .1, kEpsilon = 1e-5;
constexpr std::int64_t kChannels = 5;

struct Layer {
  at::Tensor weight, bias, mean, variance;

  explicit Layer(at::ScalarType type)
      : weight(torch::linspace(.5, 2, kChannels).to(type).requires_grad_()),
        bias(torch::linspace(-1, 1, kChannels).to(type).requires_grad_()),
        mean(torch::linspace(0, 3, kChannels).to(type)),
        variance(torch::linspace(1, 2, kChannels).to(type)) {}
};

/// A loss whose gradient differs at every value, so that none of the backward pass's sums vanishes.
at::Tensor lossOf(const at::Tensor& output, const at::Tensor& weights) { return (output.sin() * weights).sum(); }

void expectClose(const at::Tensor& found, const at::Tensor& wanted, double tolerance, const char* what) {
  const double scale = std::max(1., wanted.abs().max().item<double>());
  EXPECT_LT((found - wanted).abs().max().item<double>(), tolerance * scale) << what << '\n' << found << '\n' << wanted;
}

/// Rank 0 has the first `first_rows` of the joined batch, rank 1 the others.
void expectJoined(at::IntArrayRef joined_shape, std::int64_t first_rows, at::ScalarType type, double tolerance) {
  ProcessGroupOptions options;
  const auto group = *ProcessGroup::join(*readRankEnvironment(), options);
  torch::manual_seed(3);
  // Means far from zero, unlike from rank to rank.
  const at::Tensor all = torch::randn(joined_shape, torch::kDouble).mul(2).add(torch::arange(joined_shape[0]).view([&] {
    std::vector<std::int64_t> shape(joined_shape.size(), 1);
    shape[0] = -1;
    return shape;
  }()));
  const at::Tensor weights = torch::randn(joined_shape, torch::kDouble).to(type);

  Layer joined(type);
  const at::Tensor whole = all.to(type).clone().requires_grad_();
  const at::Tensor wanted =
      at::batch_norm(whole, joined.weight, joined.bias, joined.mean, joined.variance, true, kMomentum, kEpsilon, false);
  lossOf(wanted, weights).backward();

  const auto own = [&](const at::Tensor& tensor) {
    return group->isFirst() ? tensor.narrow(0, 0, first_rows)
                            : tensor.narrow(0, first_rows, tensor.size(0) - first_rows);
  };
  Layer layer(type);
  const at::Tensor part = own(all).to(type).clone().requires_grad_();
  const at::Tensor found =
      batchNorm(part, layer.weight, layer.bias, layer.mean, layer.variance, kMomentum, kEpsilon, *group);
  lossOf(found, own(weights)).backward();

  expectClose(found, own(wanted), tolerance, "values");
  expectClose(part.grad(), own(whole.grad()), tolerance, "gradient of the input");
  expectClose(layer.mean, joined.mean, tolerance, "running mean");
  expectClose(layer.variance, joined.variance, tolerance, "running variance");
  // The parameters' gradients are shares of the joined ones.
  expectClose(sumOverRanks(*group, layer.weight.grad()), joined.weight.grad(), tolerance, "weight");
  expectClose(sumOverRanks(*group, layer.bias.grad()), joined.bias.grad(), tolerance, "bias");
}

TEST(BatchNorm, OfOneProcessIsLibTorchs) {
  const at::Tensor input = torch::randn({7, kChannels});
  Layer ours(torch::kFloat), theirs(torch::kFloat);
  const at::Tensor found =
      batchNorm(input, ours.weight, ours.bias, ours.mean, ours.variance, kMomentum, kEpsilon, *ProcessGroup::alone());
  const at::Tensor wanted =
      at::batch_norm(input, theirs.weight, theirs.bias, theirs.mean, theirs.variance, true, kMomentum, kEpsilon, false);
  EXPECT_TRUE(found.equal(wanted));
  EXPECT_TRUE(ours.mean.equal(theirs.mean));
  EXPECT_TRUE(ours.variance.equal(theirs.variance));
}

TEST(BatchNorm, OfRowsOverTwoRanksIsThatOfTheJoinedBatch) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  expectJoined({24, kChannels}, 12, torch::kDouble, 1e-12);
}

TEST(BatchNorm, OfImagesOverTwoRanksIsThatOfTheJoinedBatch) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  expectJoined({4, kChannels, 6, 7}, 2, torch::kDouble, 1e-12);
}

TEST(BatchNorm, TakesBatchesOfDifferentSizes) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  expectJoined({24, kChannels}, 5, torch::kDouble, 1e-12);
}

TEST(BatchNorm, InSinglePrecisionIsExactToRounding) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  expectJoined({32, kChannels, 4, 4}, 16, torch::kFloat, 2e-6);  // a few units in the last place of values of this size
}

TEST(BatchNorm, RefusesARankWithoutValues) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const auto group = *ProcessGroup::join(*readRankEnvironment(), {});
  Layer layer(torch::kFloat);
  EXPECT_THROW((void)batchNorm(torch::randn({0, kChannels}),
                               layer.weight,
                               layer.bias,
                               layer.mean,
                               layer.variance,
                               kMomentum,
                               kEpsilon,
                               *group),
               std::invalid_argument);
}

}  // namespace
}  // namespace tagscape
