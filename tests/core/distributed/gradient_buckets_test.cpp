#include "core/distributed/gradient_buckets_torch.h"
#include "core/distributed/process_group_torch.h"
#include "tests/support/ranks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <csignal>

namespace tagscape {
namespace {

using testing::expectAllPass;
using ::testing::HasSubstr;
using testing::isRank;
using testing::runThisTestOnRanks;

std::shared_ptr<ProcessGroup> join() { return *ProcessGroup::join(*readRankEnvironment(), {}); }

/// Three layers of 16 * 16 doubles, 2 KiB each.
std::vector<at::Tensor> layers() {
  torch::manual_seed(5);
  std::vector<at::Tensor> made;
  for (int layer = 0; layer < 3; ++layer) made.push_back(torch::randn({16, 16}, torch::kDouble).requires_grad_());
  return made;
}
constexpr std::int64_t kOneLayer = 16 * 16 * 8;

at::Tensor lossOf(const std::vector<at::Tensor>& weights, const at::Tensor& input) {
  at::Tensor value = input;
  for (const at::Tensor& weight : weights) value = value.matmul(weight).tanh();
  return value.square().mean();
}

/// The rows of a batch of 8 that rank r of 2 computes.
at::Tensor share(int rank) {
  torch::manual_seed(6);
  return torch::randn({8, 16}, torch::kDouble).narrow(0, 4 * rank, 4);
}

TEST(GradientBuckets, OfOneProcessDoNothing) {
  const auto weights = layers();
  GradientBuckets buckets(ProcessGroup::alone(), weights);
  EXPECT_EQ(buckets.numBuckets(), 0U);
  lossOf(weights, share(0)).backward();
  const at::Tensor before = weights[0].grad().clone();
  buckets.finish();
  EXPECT_TRUE(weights[0].grad().equal(before));
}

TEST(GradientBuckets, AverageToTheGradientOfTheJoinedBatch) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const auto group = join();
  constexpr double kRounding = 1e-15;  // of float64 sums in another order, of gradients far below 1
  const auto joined = layers();
  lossOf(joined, torch::cat({share(0), share(1)})).backward();
  for (const std::int64_t bytes : {kOneLayer, 2 * kOneLayer, GradientBuckets::kBucketBytes}) {
    const auto weights = layers();
    GradientBuckets buckets(group, weights, bytes);
    for (int step = 0; step < 2; ++step) {
      for (const at::Tensor& weight : weights) weight.mutable_grad().reset();
      lossOf(weights, share(group->rank())).backward();
      buckets.finish();
      for (std::size_t layer = 0; layer < weights.size(); ++layer)
        EXPECT_LT((weights[layer].grad() - joined[layer].grad()).abs().max().item<double>(), kRounding) << layer;
    }
  }
}

TEST(GradientBuckets, AreLaidOutFromTheLastParameterAndStartDuringTheBackwardPass) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const auto weights = layers();
  GradientBuckets buckets(join(), weights, kOneLayer);
  EXPECT_EQ(buckets.numBuckets(), 3U);
  std::size_t started_before_the_first_layer = 0;
  // Fires when the first layer's output has its gradient, so before the first layer's weights have theirs.
  at::Tensor first = share(0).matmul(weights[0]);
  first.register_hook([&](const at::Tensor&) { started_before_the_first_layer = buckets.numStarted(); });
  first.tanh().matmul(weights[1]).tanh().matmul(weights[2]).square().mean().backward();
  EXPECT_EQ(started_before_the_first_layer, 2U);
  EXPECT_EQ(buckets.numStarted(), 3U);
  buckets.finish();
  EXPECT_EQ(buckets.numStarted(), 0U);
}

TEST(GradientBuckets, AMissingGradientCountsAsZeroAndOneMissingEverywhereStaysSo) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const auto group = join();
  const auto make = [](double value) { return torch::full({3}, value, torch::kDouble).requires_grad_(); };
  const std::vector<at::Tensor> parameters{make(1), make(2), make(3)};
  for (const std::int64_t bytes : {std::int64_t{24}, GradientBuckets::kBucketBytes}) {
    GradientBuckets buckets(group, parameters, bytes);
    for (const at::Tensor& parameter : parameters) parameter.mutable_grad().reset();
    // The first is used by rank 1 alone, the second by nobody, the third by both.
    at::Tensor loss = parameters[2].sum() * (group->rank() + 1);
    if (group->rank() == 1) loss = loss + 4 * parameters[0].sum();
    loss.backward();
    buckets.finish();
    ASSERT_TRUE(parameters[0].grad().defined());
    EXPECT_TRUE(parameters[0].grad().equal(torch::full({3}, 2, torch::kDouble)));
    EXPECT_FALSE(parameters[1].grad().defined());
    EXPECT_TRUE(parameters[2].grad().equal(torch::full({3}, 1.5, torch::kDouble)));
  }
}

TEST(GradientBuckets, KeepTypesApart) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const std::vector<at::Tensor> parameters{torch::ones({2}, torch::kFloat).requires_grad_(),
                                           torch::ones({2}, torch::kDouble).requires_grad_()};
  GradientBuckets buckets(join(), parameters);
  EXPECT_EQ(buckets.numBuckets(), 2U);
  (parameters[0].sum() + parameters[1].sum()).backward();
  buckets.finish();
  EXPECT_TRUE(parameters[0].grad().equal(torch::ones({2}, torch::kFloat)));
}

TEST(GradientBuckets, RefuseASecondBackwardPassBeforeTheEndOfTheFirst) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const auto weights = layers();
  GradientBuckets buckets(join(), weights, kOneLayer);
  lossOf(weights, share(0)).backward();
  lossOf(weights, share(0)).backward();
  EXPECT_THROW(buckets.finish(), std::logic_error);
}

TEST(GradientBuckets, NoticeARankThatDiesInItsBackwardPass) {
  if (!isRank()) {
    const auto outcomes = runThisTestOnRanks(2);
    EXPECT_EQ(outcomes[1].signal, SIGKILL);
    EXPECT_EQ(outcomes[0].exit_code, 0) << outcomes[0].output;
    EXPECT_LT(outcomes[0].seconds, 25);
    return;
  }
  const auto group = join();
  const auto weights = layers();
  GradientBuckets buckets(group, weights, kOneLayer);
  if (group->rank() == 1) weights[1].register_hook([](const at::Tensor&) { ::raise(SIGKILL); });
  std::string message;
  try {
    lossOf(weights, share(group->rank())).backward();
    buckets.finish();
  } catch (const GroupFailure& failure) {
    message = failure.error().message;
  }
  EXPECT_THAT(message, HasSubstr("rank 1 of 2"));
}

}  // namespace
}  // namespace tagscape
