#include "core/train/network_optimiser_torch.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

/// Two parameters, one of them the classifier's.
class TwoParameters final : public Network {
 public:
  TwoParameters() {
    at::manual_seed(3);
    for (const char* name : {"layer.weight", "classifier.weight"}) {
      tensors_.emplace_back(name, at::randn({3, 2}).requires_grad_());
    }
  }
  std::vector<at::Tensor> parameters() const override { return {tensors_[0].second, tensors_[1].second}; }
  NamedTensors namedTensors() const override { return tensors_; }
  void setTraining(bool) override {}
  void setBatchNormMomentum(double) override {}
  void moveTo(const at::Device&) override {}

  void takeGradient(double scale) {
    for (auto& [name, tensor] : tensors_) (scale * tensor.square().sum()).backward();
  }
  [[nodiscard]] const at::Tensor& layer() const { return tensors_[0].second; }
  [[nodiscard]] const at::Tensor& classifier() const { return tensors_[1].second; }

 private:
  NamedTensors tensors_;
};

class Optimisers : public ::testing::TestWithParam<OptimiserKind> {};

TEST_P(Optimisers, ContinueFromTheirStateToTheBit) {
  OptimiserOptions options;
  options.kind = GetParam();
  options.momentum = .9;
  options.weight_decay = .01;
  TwoParameters network;
  NetworkOptimiser optimiser(network, options);
  const auto step = [](TwoParameters& of, NetworkOptimiser& by) {
    by.setRate(.01);
    by.zeroGradients();
    of.takeGradient(1);
    by.step();
  };
  for (int i = 0; i < 3; ++i) step(network, optimiser);

  TensorFile memory;
  optimiser.store("image", memory);
  TwoParameters resumed;
  const at::NoGradGuard no_grad;
  resumed.layer().copy_(network.layer());
  resumed.classifier().copy_(network.classifier());
  NetworkOptimiser another(resumed, options);
  ASSERT_TRUE(another.restore("image", memory, "memory"));
  const at::AutoGradMode with_grad(true);
  for (int i = 0; i < 3; ++i) {
    step(network, optimiser);
    step(resumed, another);
  }
  EXPECT_TRUE(at::equal(network.layer(), resumed.layer()));
  EXPECT_TRUE(at::equal(network.classifier(), resumed.classifier()));
}

TEST_P(Optimisers, RefuseTheStateOfAnother) {
  OptimiserOptions options;
  options.kind = GetParam();
  options.momentum = .9;
  TwoParameters network;
  NetworkOptimiser optimiser(network, options);
  const Status status = optimiser.restore("image", {}, "some.file");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::InvalidInput);
}
INSTANTIATE_TEST_SUITE_P(Kinds,
                         Optimisers,
                         ::testing::Values(OptimiserKind::Sgd, OptimiserKind::Adam, OptimiserKind::AdamW));

TEST(NetworkOptimiser, ClipsTheNormOfTheWholeGradient) {
  TwoParameters network;
  NetworkOptimiser optimiser(network, {OptimiserKind::Sgd, 0, 0, 1, /*clip_norm=*/.5});
  const at::Tensor before = at::cat({network.layer(), network.classifier()}).detach().clone();
  optimiser.setRate(1);
  network.takeGradient(1);
  const double norm = optimiser.step();
  EXPECT_NEAR(norm, 2 * before.norm().item<double>(), testing::kFloatSumRounding);
  const at::Tensor moved = at::cat({network.layer(), network.classifier()}).detach() - before;
  EXPECT_NEAR(moved.norm().item<double>(), .5, testing::kFloatSumRounding);
}

TEST(NetworkOptimiser, GivesTheClassifierItsOwnRate) {
  TwoParameters network;
  NetworkOptimiser optimiser(network, {OptimiserKind::Sgd, 0, 0, /*classifier_lr_factor=*/10, 0});
  const at::Tensor layer = network.layer().detach().clone(), classifier = network.classifier().detach().clone();
  optimiser.setRate(.01);
  network.takeGradient(1);
  optimiser.step();
  const auto largest = [](const at::Tensor& difference) { return difference.abs().max().item<double>(); };
  EXPECT_LT(largest(network.layer().detach() - layer * (1 - .02)), testing::kFloatRounding);
  EXPECT_LT(largest(network.classifier().detach() - classifier * (1 - .2)), testing::kFloatRounding);
}

TEST(ScheduledRate, FallsAsItsNameSays) {
  EXPECT_DOUBLE_EQ(scheduledRate(RateSchedule::Poly, 2, 0), 2);
  EXPECT_NEAR(scheduledRate(RateSchedule::Poly, 2, .5), 2 * std::pow(.5, .9), testing::kDoubleRounding);
  EXPECT_DOUBLE_EQ(scheduledRate(RateSchedule::Constant, 2, .99), 2);
  EXPECT_DOUBLE_EQ(scheduledRate(RateSchedule::Step, 2, .59), 2);
  EXPECT_NEAR(scheduledRate(RateSchedule::Step, 2, .6), .2, testing::kDoubleRounding);
  EXPECT_NEAR(scheduledRate(RateSchedule::Step, 2, .85), .02, testing::kDoubleRounding);
  EXPECT_NEAR(scheduledRate(RateSchedule::Step, 2, .95), .002, testing::kDoubleRounding);
}

TEST(ScheduledBatchNormMomentum, HalvesEveryTenthDownToItsFloor) {
  EXPECT_DOUBLE_EQ(scheduledBatchNormMomentum(0), .5);
  EXPECT_DOUBLE_EQ(scheduledBatchNormMomentum(.25), .125);
  EXPECT_DOUBLE_EQ(scheduledBatchNormMomentum(1), .001);
}

}  // namespace
}  // namespace tagscape
