#include "core/train/losses_torch.h"
#include "tests/core/train/gradients.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

using testing::expectGradientMatches;

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
  EXPECT_NEAR(multiLabelLoss(logits, tags).item<double>(), expected, 1e-12);
}

TEST_F(Losses, MultiLabelStaysFiniteForHugeLogits) {
  const at::Tensor logits = at::tensor({1e4, -1e4}, at::kFloat).view({1, 2});
  EXPECT_NEAR(multiLabelLoss(logits, at::tensor({0.F, 1.F}).view({1, 2})).item<double>(), 1e4, 1);
}

TEST_F(Losses, MultiLabelGradientMatchesFiniteDifferences) {
  const at::Tensor tags = at::randint(0, 2, {3, 5}, at::kDouble);
  expectGradientMatches([&](const at::Tensor& logits) { return multiLabelLoss(logits, tags); }, doubles({3, 5}));
}

TEST_F(Losses, PseudoLabelIsTheCrossEntropyWhenEverythingCountsAlike) {
  const at::Tensor logits = doubles({6, 4});
  const at::Tensor labels = labelsOf({0, 1, 2, 3, 0, 1});
  const at::Tensor loss = pseudoLabelLoss(logits, labels, at::ones({6}), {0, true});
  const at::Tensor expected = -at::log_softmax(logits, 1).gather(1, labels.unsqueeze(1)).mean();
  EXPECT_NEAR(loss.item<double>(), expected.item<double>(), 1e-6);
}

TEST_F(Losses, PseudoLabelGradientMatchesFiniteDifferences) {
  const at::Tensor labels = labelsOf({0, 1, 1, 1, 3});
  const at::Tensor confidence = at::rand({5}, at::kDouble);
  for (const double beta : {0.0, 0.5, 1.0}) {
    expectGradientMatches(
        [&](const at::Tensor& logits) {
          return pseudoLabelLoss(logits, labels, confidence, {beta, true});
        },
        doubles({5, 4}));
  }
}

TEST_F(Losses, PseudoLabelWithoutConfidenceIgnoresIt) {
  const at::Tensor logits = doubles({5, 4});
  const at::Tensor labels = labelsOf({0, 1, 1, 1, 3});
  const auto loss = [&](const at::Tensor& confidence, bool use) {
    return pseudoLabelLoss(logits, labels, confidence, {.5, use}).item<double>();
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
    return pseudoLabelLoss(logits, labelsOf(labels), at::ones({10}, at::kDouble), {beta, true}).item<double>();
  };
  EXPECT_NEAR(loss(1), (of_class_0 + of_class_1) / 2, 1e-3);  // The floor of the mass moves it by a thousandth.
  EXPECT_NEAR(loss(0), .9 * of_class_0 + .1 * of_class_1, 1e-6);
}

TEST_F(Losses, PseudoLabelLossOfNothingIsZeroAndCanBeDifferentiated) {
  const at::Tensor logits = at::empty({0, 4}).requires_grad_(true);
  const at::Tensor loss = pseudoLabelLoss(logits, labelsOf({}), at::empty({0}), {});
  EXPECT_EQ(loss.item<double>(), 0);
  EXPECT_NO_THROW(loss.backward());
}

TEST_F(Losses, APlaceOfConfidenceZeroHasNoLabelWithOrWithoutConfidence) {
  const at::Tensor logits = doubles({3, 4});
  const at::Tensor confidence = at::tensor({.4, 0., .9}, at::kDouble);
  const at::Tensor loss = pseudoLabelLoss(logits, labelsOf({1, 0, 2}), confidence, {0.5, false});
  const at::Tensor others = logits.index_select(0, labelsOf({0, 2}));
  const at::Tensor expected = pseudoLabelLoss(others, labelsOf({1, 2}), at::ones({2}, at::kDouble), {0.5, false});
  EXPECT_NEAR(loss.item<double>(), expected.item<double>(), 1e-9);
}

TEST_F(Losses, PseudoLabelLossSendsNothingBackThroughTheConfidence) {
  const at::Tensor confidence = at::rand({3}).requires_grad_(true);
  const at::Tensor logits = at::randn({3, 4}).requires_grad_(true);
  pseudoLabelLoss(logits, labelsOf({0, 1, 2}), confidence, {}).backward();
  EXPECT_FALSE(confidence.grad().defined());
}

/// Maps whose two classes hold the image x and y of each cell's centre, as the networks' convention has it.
at::Tensor coordinateMaps(std::int64_t cells, double stride) {
  const at::Tensor centre = (at::arange(cells, at::kDouble) + .5) * stride - .5;
  return at::stack({centre.view({1, cells}).expand({cells, cells}), centre.view({cells, 1}).expand({cells, cells})})
      .unsqueeze(0)
      .contiguous();
}

TEST_F(Losses, SampleMapsFindsTheCellThatCoversAPixel) {
  const at::Tensor pixels = at::tensor({3.5, 3.5, 30.0, 12.25, 59.4, 20.1}, at::kDouble).view({1, 3, 2});
  const at::Tensor sampled = sampleMaps(coordinateMaps(8, 8), pixels, {8, 3.5});
  EXPECT_TRUE(at::allclose(sampled, pixels, 1e-9, 1e-9)) << sampled;
}

TEST_F(Losses, SampleMapsKnowsWhereTheFirstCellIsCentred) {
  // Cells of ResNet38 lie at pixels 0, 8, 16, …
  const at::Tensor pixels = at::tensor({8.F, 16.F, 12.F, 20.F}).view({1, 2, 2});
  const at::Tensor maps = coordinateMaps(8, 8);
  const at::Tensor sampled = sampleMaps(maps, pixels, {8, 0});
  EXPECT_TRUE(at::allclose(sampled[0][0], maps.select(3, 1).select(2, 2)[0]));
  const at::Tensor between = (maps.select(3, 1).select(2, 2) + maps.select(3, 2).select(2, 3))[0] / 2;
  EXPECT_TRUE(at::allclose(sampled[0][1], between)) << "coordinates are linear, so the middle is the mean";
}

TEST_F(Losses, TruthIsTheMeanCrossEntropyOfPlacesThatHaveOne) {
  const at::Tensor logits = at::randn({4, 3});
  const at::Tensor labels = at::tensor({2, 255, 0, 255}, at::kLong);
  const at::Tensor shares = at::log_softmax(logits, 1);
  const double expected = -(shares[0][2] + shares[2][0]).item<double>() / 2;
  EXPECT_NEAR(supervisedLoss(logits, labels).item<double>(), expected, 1e-6);
  EXPECT_EQ(supervisedLoss(logits, at::full({4}, 255, at::kLong)).item<double>(), 0);
}

TEST_F(Losses, MultiLabelWeighsClasses) {
  const at::Tensor pooled = at::randn({3, 2});
  const at::Tensor tags = at::tensor({1.F, 0.F, 0.F, 1.F, 1.F, 1.F}).view({3, 2});
  const at::Tensor first = multiLabelLoss(pooled.slice(1, 0, 1), tags.slice(1, 0, 1));
  EXPECT_NEAR(multiLabelLoss(pooled, tags, at::tensor({2.F, 0.F})).item<double>(), first.item<double>(), 1e-6);
}

TEST_F(Losses, SampleMapsGradientMatchesFiniteDifferences) {
  const at::Tensor pixels = at::tensor({1.0, 2.0, 9.5, 14.0}, at::kDouble).view({1, 2, 2});
  const at::Tensor weight = doubles({1, 2, 3});
  expectGradientMatches(
      [&](const at::Tensor& maps) {
        return (sampleMaps(maps, pixels, {8, 3.5}) * weight).sum();
      },
      doubles({1, 3, 2, 2}));
}

}  // namespace
}  // namespace tagscape
