// Losses of two ranks against the same losses of all places at once: the average of what the ranks get, and gradients.

#include "core/distributed/process_group_torch.h"
#include "core/train/losses_torch.h"
#include "tests/support/ranks.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <functional>

namespace tagscape {
namespace {

using testing::expectAllPass;
using testing::isRank;
using testing::runThisTestOnRanks;

constexpr std::int64_t kClasses = 4, kPlaces = 6;
constexpr double kTolerance = 1e-6;  // what the losses add to divisors, twice

/// A loss of some items [N, …], those from `begin` to `end` of a data set that both ranks know.
using LossOfPart = std::function<at::Tensor(
    const at::Tensor& logits, std::int64_t begin, std::int64_t end, const ProcessGroup& group)>;

/// Rank 0 has the first `split` items, rank 1 the rest.
void expectJoined(const at::Tensor& logits, std::int64_t split, const LossOfPart& loss) {
  const auto group = *ProcessGroup::join(*readRankEnvironment(), {});
  const std::int64_t count = logits.size(0);
  const at::Tensor all = logits.clone().requires_grad_();
  const at::Tensor wanted = loss(all, 0, count, ProcessGroup::single());
  wanted.backward();

  const std::int64_t begin = group->isFirst() ? 0 : split, end = group->isFirst() ? split : count;
  const at::Tensor own = logits.slice(0, begin, end).clone().requires_grad_();
  const at::Tensor share = loss(own, begin, end, *group);
  share.backward();
  const double average = sumOverRanks(*group, share).item<double>() / group->size();
  EXPECT_NEAR(average, wanted.item<double>(), kTolerance);
  EXPECT_GT(std::abs(wanted.item<double>()), 1e-3);
  if (begin == end) return;
  const at::Tensor difference = own.grad() / group->size() - all.grad().slice(0, begin, end);
  EXPECT_LT(difference.abs().max().item<double>(), kTolerance);
}

at::Tensor randomLogits(at::IntArrayRef shape) {
  torch::manual_seed(11);
  return torch::randn(shape, torch::kDouble);
}
at::Tensor tagsOf(std::int64_t count) {
  torch::manual_seed(12);
  at::Tensor tags = torch::rand({count, kClasses}, torch::kDouble).gt(.4).to(torch::kDouble);
  tags.select(1, 0).fill_(1);
  return tags;
}
at::Tensor scoresOf(at::IntArrayRef shape) {
  torch::manual_seed(13);
  return torch::rand(shape, torch::kDouble);
}
TEST(JoinedLosses, OfTagsWithUnequalShares) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const at::Tensor tags = tagsOf(7);
  expectJoined(randomLogits({7, kClasses}), 2, [&](const auto& logits, auto begin, auto end, const auto& group) {
    return multiLabelLoss(logits, tags.slice(0, begin, end), {}, group);
  });
}

TEST(JoinedLosses, OfPseudoLabelsWithTheMassOfAll) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const at::Tensor labels = torch::arange(9).remainder(kClasses - 1), scores = scoresOf({9});
  expectJoined(randomLogits({9, kClasses}), 3, [&](const auto& logits, auto begin, auto end, const auto& group) {
    return distill(logits, labels.slice(0, begin, end), scores.slice(0, begin, end), {.5, true}, group);
  });
}

TEST(JoinedLosses, OfPseudoLabelsWithoutBalance) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const at::Tensor labels = torch::arange(9).remainder(kClasses - 1), scores = scoresOf({9});
  expectJoined(randomLogits({9, kClasses}), 3, [&](const auto& logits, auto begin, auto end, const auto& group) {
    return distill(logits, labels.slice(0, begin, end), scores.slice(0, begin, end), {0, false}, group);
  });
}

TEST(JoinedLosses, OfARankWithoutPlaces) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const at::Tensor labels = torch::arange(9).remainder(kClasses), scores = scoresOf({9});
  expectJoined(randomLogits({9, kClasses}), 0, [&](const auto& logits, auto begin, auto end, const auto& group) {
    return distill(logits, labels.slice(0, begin, end), scores.slice(0, begin, end), {.5, true}, group);
  });
}

TEST(JoinedLosses, OfTheTruthWhereSomeHaveNone) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const at::Tensor labels = torch::arange(9).remainder(kClasses);
  labels.slice(0, 0, 3).fill_(255);
  expectJoined(randomLogits({9, kClasses}), 5, [&](const auto& logits, auto begin, auto end, const auto& group) {
    return supervisedLoss(logits, labels.slice(0, begin, end), group);
  });
}

class JoinedCamLosses : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(JoinedCamLosses, OfCropsOnBothRanksOrOnOne) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  constexpr std::int64_t kCrops = 3;
  const at::Tensor tags = tagsOf(kCrops), refined = scoresOf({kCrops, kPlaces, kClasses}),
                   scores = scoresOf({kCrops, kPlaces});
  const at::Tensor cams = randomLogits({kCrops, kPlaces, kClasses}).sigmoid();
  expectJoined(cams, GetParam(), [&](const auto& cam, auto begin, auto end, const auto& group) {
    return refinedCamLoss(
        cam, refined.slice(0, begin, end), tags.slice(0, begin, end), scores.slice(0, begin, end), group);
  });
}
INSTANTIATE_TEST_SUITE_P(WithSomeAndWithoutAny, JoinedCamLosses, ::testing::Values(1, 3));

}  // namespace
}  // namespace tagscape
