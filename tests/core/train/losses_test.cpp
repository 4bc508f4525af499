#include "core/train/losses_torch.h"
#include "tests/support/gradients.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

using testing::expectGradientMatches;

/// The losses add this to sums of weights, so that they are defined without any: a relative change of weights near 1.
constexpr double kDivisorFloor = 2e-6;

at::Tensor doubles(std::vector<std::int64_t> shape) { return at::randn(shape, at::kDouble); }
at::Tensor labelsOf(std::vector<std::int64_t> values) { return at::tensor(values, at::kLong); }

class Losses : public ::testing::Test {
 protected:
  void SetUp() override { at::manual_seed(7); }
};

TEST_F(Losses, MultiLabelIsTheMeanOfBinaryCrossEntropies) {
  const at::Tensor logits = at::tensor({0.5, -1.0}, at::kDouble).view({1, 2});
  const at::Tensor tags = at::tensor({1.0, 0.0}, at::kDouble).view({1, 2});
  const double expected = (std::log1p(std::exp(-0.5)) + std::log1p(std::exp(-1.0))) / 2;
  EXPECT_NEAR(multiLabelLoss(logits, tags).item<double>(), expected, testing::kDoubleRounding);
}

TEST_F(Losses, MultiLabelStaysFiniteForHugeLogits) {
  const at::Tensor logits = at::tensor({1e4, -1e4}, at::kFloat).view({1, 2});
  // Both terms are |logit| + log(1 + exp(-|logit|)), whose logarithm is below the smallest float.
  EXPECT_EQ(multiLabelLoss(logits, at::tensor({0.F, 1.F}).view({1, 2})).item<double>(), 1e4);
}

TEST_F(Losses, MultiLabelGradientMatchesFiniteDifferences) {
  const at::Tensor tags = at::randint(0, 2, {3, 5}, at::kDouble);
  expectGradientMatches([&](const at::Tensor& logits) { return multiLabelLoss(logits, tags); }, doubles({3, 5}));
}

TEST_F(Losses, DistillIsTheMeanCrossEntropyWithEqualWeights) {
  const at::Tensor logits = doubles({6, 4});
  const at::Tensor labels = labelsOf({0, 1, 2, 3, 0, 1});
  const at::Tensor loss = distill(logits, labels, at::ones({6}), {0, true});
  const at::Tensor expected = -at::log_softmax(logits, 1).gather(1, labels.unsqueeze(1)).mean();
  EXPECT_NEAR(loss.item<double>(), expected.item<double>(), kDivisorFloor);
}

TEST_F(Losses, DistillGradientMatchesFiniteDifferences) {
  const at::Tensor labels = labelsOf({0, 1, 1, 1, 3});
  const at::Tensor confidence = at::rand({5}, at::kDouble);
  for (const double beta : {0.0, 0.5, 1.0}) {
    expectGradientMatches(
        [&](const at::Tensor& logits) {
          return distill(logits, labels, confidence, {beta, true});
        },
        doubles({5, 4}));
  }
}

TEST_F(Losses, DistillWithoutConfidenceIgnoresIt) {
  const at::Tensor logits = doubles({5, 4});
  const at::Tensor labels = labelsOf({0, 1, 1, 1, 3});
  const auto loss = [&](const at::Tensor& confidence, bool use) {
    return distill(logits, labels, confidence, {.5, use}).item<double>();
  };
  const at::Tensor some = at::rand({5}, at::kDouble);
  EXPECT_EQ(loss(some, false), loss(at::ones({5}, at::kDouble), false));
  EXPECT_NE(loss(some, true), loss(some, false));
}

TEST_F(Losses, BalanceGivesEveryClassTheSameWeightAtExponentOne) {
  // Nine places of class 0 and one of class 1, wrong by different amounts: each class contributes half.
  at::Tensor logits = at::zeros({10, 2}, at::kDouble);
  logits[9][0] = 3;
  std::vector<std::int64_t> labels(10, 0);
  labels[9] = 1;
  const double of_class_0 = std::log(2.0);
  const double of_class_1 = std::log1p(std::exp(3.0));
  const auto loss = [&](double beta) {
    return distill(logits, labelsOf(labels), at::ones({10}, at::kDouble), {beta, true}).item<double>();
  };
  // The floor of a class's mass, 1e-3, changes the weight of the single point by a thousandth and so the loss, about 2.
  EXPECT_NEAR(loss(1), (of_class_0 + of_class_1) / 2, 1e-3);
  EXPECT_NEAR(loss(0), .9 * of_class_0 + .1 * of_class_1, kDivisorFloor);
}

TEST_F(Losses, DistillOfNothingIsZeroAndCanBeDifferentiated) {
  const at::Tensor logits = at::empty({0, 4}).requires_grad_(true);
  const at::Tensor loss = distill(logits, labelsOf({}), at::empty({0}), {});
  EXPECT_EQ(loss.item<double>(), 0);
  EXPECT_NO_THROW(loss.backward());
}

TEST_F(Losses, ConfidenceZeroHasNoLabelWithOrWithoutConfidence) {
  const at::Tensor logits = doubles({3, 4});
  const at::Tensor confidence = at::tensor({.4, 0., .9}, at::kDouble);
  const at::Tensor loss = distill(logits, labelsOf({1, 0, 2}), confidence, {0.5, false});
  const at::Tensor others = logits.index_select(0, labelsOf({0, 2}));
  const at::Tensor expected = distill(others, labelsOf({1, 2}), at::ones({2}, at::kDouble), {0.5, false});
  EXPECT_NEAR(loss.item<double>(), expected.item<double>(), testing::kDoubleSumRounding);
}

TEST_F(Losses, DistillSendsNothingBackThroughTheConfidence) {
  const at::Tensor confidence = at::rand({3}).requires_grad_(true);
  const at::Tensor logits = at::randn({3, 4}).requires_grad_(true);
  distill(logits, labelsOf({0, 1, 2}), confidence, {}).backward();
  EXPECT_FALSE(confidence.grad().defined());
}

TEST_F(Losses, RefinedCamsAreComparedOverTheTagsByHand) {
  const at::Tensor cam = at::tensor({0.5, 0.9, 0.1, 0.4}, at::kDouble).view({1, 2, 2});
  const at::Tensor refined = at::tensor({1.0, 0.0, 0.0, 0.0}, at::kDouble).view({1, 2, 2});
  const at::Tensor tags = at::tensor({1.0, 0.0}, at::kDouble).view({1, 2});
  const at::Tensor scores = at::tensor({1.0, 3.0}, at::kDouble).view({1, 2});
  EXPECT_NEAR(refinedCamLoss(cam, refined, tags, scores).item<double>(), (0.5 + 3 * 0.1) / 4, kDivisorFloor);
}

TEST_F(Losses, RefinedCamGradientMatchesFiniteDifferences) {
  const at::Tensor tags = at::tensor({1.0, 1.0, 0.0, 0.0, 1.0, 1.0}, at::kDouble).view({2, 3});
  const at::Tensor refined = at::rand({2, 4, 3}, at::kDouble) * tags.unsqueeze(1);
  const at::Tensor scores = at::rand({2, 4}, at::kDouble);
  expectGradientMatches([&](const at::Tensor& x) { return refinedCamLoss(x, refined, tags, scores); },
                        at::rand({2, 4, 3}, at::kDouble));
}

TEST_F(Losses, SupervisedIsTheMeanCrossEntropyOfLabelledEntries) {
  const at::Tensor logits = at::randn({4, 3});
  const at::Tensor labels = at::tensor({2, 255, 0, 255}, at::kLong);
  const at::Tensor logs = at::log_softmax(logits, 1);
  const double expected = -(logs[0][2] + logs[2][0]).item<double>() / 2;
  EXPECT_NEAR(supervisedLoss(logits, labels).item<double>(), expected, testing::kFloatRounding);
  EXPECT_EQ(supervisedLoss(logits, at::full({4}, 255, at::kLong)).item<double>(), 0);
}

TEST_F(Losses, MultiLabelWeighsClasses) {
  const at::Tensor pooled = at::randn({3, 2});
  const at::Tensor tags = at::tensor({1.F, 0.F, 0.F, 1.F, 1.F, 1.F}).view({3, 2});
  const at::Tensor first = multiLabelLoss(pooled.slice(1, 0, 1), tags.slice(1, 0, 1));
  EXPECT_NEAR(multiLabelLoss(pooled, tags, at::tensor({2.F, 0.F})).item<double>(),
              first.item<double>(),
              testing::kFloatRounding);
}

}  // namespace
}  // namespace tagscape
