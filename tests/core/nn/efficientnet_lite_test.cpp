#include "core/nn/efficientnet/efficientnet_lite_torch.h"
#include "core/nn/network_catalog_torch.h"
#include "core/nn/weights_torch.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;
using Sizes = std::vector<std::int64_t>;

/// A tenth of the width, one block a stage, so that a pass takes milliseconds.
constexpr EfficientNetLiteOptions kTiny{.width = .1, .depth = .3, .num_classes = 4};

std::unique_ptr<EfficientNetLite> tinyNetwork(int output_stride = 16, bool frozen = false) {
  at::manual_seed(7);
  EfficientNetLiteOptions options = kTiny;
  options.output_stride = output_stride;
  options.frozen = frozen;
  return makeEfficientNetLite(options).value();
}

std::vector<EfficientNetLiteBlock> blocksOf(const char* variant) {
  return efficientNetLiteBlocks(efficientNetLiteVariant(variant).value()).value();
}

std::vector<std::int64_t> channelsOfStages(const std::vector<EfficientNetLiteBlock>& blocks) {
  std::vector<std::int64_t> channels;
  for (const auto& block : blocks) {
    if (!block.has_shortcut) channels.push_back(block.after);
  }
  return channels;
}

TEST(EfficientNetLiteBlocks, HaveTheChannelsOfTheReleasedNetworks) {
  const auto lite0 = blocksOf("efficientnet-lite0"), lite2 = blocksOf("efficientnet-lite2");
  EXPECT_THAT(channelsOfStages(lite0), ::testing::ElementsAre(16, 24, 40, 80, 112, 192, 320));
  EXPECT_THAT(channelsOfStages(lite2), ::testing::ElementsAre(16, 24, 48, 88, 120, 208, 352));
  EXPECT_EQ(lite0.size(), 16U);
  EXPECT_EQ(lite2.size(), 21U);
}

TEST(EfficientNetLiteBlocks, DilateInsteadOfReducingBeyondTheOutputStride) {
  const auto last = [](int output_stride) {
    EfficientNetLiteOptions options;
    options.output_stride = output_stride;
    return efficientNetLiteBlocks(options).value().back().dilation;
  };
  EXPECT_EQ(last(32), 1);
  EXPECT_EQ(last(16), 2);
  EXPECT_EQ(last(8), 4);
}

TEST(EfficientNetLiteBlocks, RefuseWhatThereIsNot) {
  for (const EfficientNetLiteOptions& options : {EfficientNetLiteOptions{.width = 0},
                                                 EfficientNetLiteOptions{.depth = 9},
                                                 EfficientNetLiteOptions{.num_classes = 0},
                                                 EfficientNetLiteOptions{.output_stride = 4}}) {
    const auto refused = efficientNetLiteBlocks(options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  }
  EXPECT_FALSE(efficientNetLiteVariant("efficientnet-lite9"));
}

TEST(SamePadding, PutsTheOddZeroBehind) {
  const auto even = samePadding(224, 3, 2, 1);
  EXPECT_EQ(even.before, 0);
  EXPECT_EQ(even.after, 1);
  const auto odd = samePadding(225, 5, 2, 1);
  EXPECT_EQ(odd.before, 2);
  EXPECT_EQ(odd.after, 2);
  EXPECT_EQ(samePadding(24, 5, 1, 2).before, 4);
}

TEST(EfficientNetLite, GivesItsTapsAtItsOutputStride) {
  const at::NoGradGuard no_grad;
  for (const auto& [output_stride, height, width] :
       {std::array{32, 2, 3}, std::array{16, 4, 6}, std::array{8, 8, 11}}) {
    const auto network = tinyNetwork(output_stride);
    network->setTraining(false);
    const NamedTensors taps = network->taps(at::rand({2, 3, 64, 88}));
    std::vector<std::string> names;
    for (const auto& [name, tensor] : taps) names.push_back(name);
    EXPECT_EQ(names, network->tapNames());
    EXPECT_EQ(taps[7].second.sizes(), (Sizes{2, 1280, height, width}));
    EXPECT_EQ(taps[8].second.sizes(), (Sizes{2, 4, height, width}));
  }
}

/// Where along x the cell in the middle is centred, measured by what it answers to.
double measuredCentre_px(ImageNetwork& network, std::int64_t side, std::int64_t cell) {
  network.setTraining(false);
  for (const auto& [name, tensor] : network.namedTensors()) {
    if (name.find("conv") != std::string::npos || name.find("_fc.weight") != std::string::npos) {
      tensor.detach().fill_(1. / static_cast<double>(tensor[0].numel()));  // Means: no ReLU6 is at an end.
    }
  }
  const at::Tensor image = at::ones({1, 3, 32, side}).requires_grad_(true);
  network.forward(image).logits()[0][0][0][cell].backward();
  const at::Tensor influence = image.grad()[0].sum(0).sum(0).to(at::kDouble);
  return ((influence * at::arange(side, at::kDouble)).sum() / influence.sum()).item<double>();
}

TEST(EfficientNetLite, CentresItsCellsWhereItSays) {
  constexpr double kTolerance_px = 1e-2;  // A mean over a thousand pixels, weighted by gradients in float32.
  for (const int output_stride : {32, 16, 8}) {
    const auto network = tinyNetwork(output_stride);
    EXPECT_EQ(network->firstCellCentre_px(), output_stride - 1);
    const std::int64_t cell = 512 / output_stride;
    EXPECT_NEAR(measuredCentre_px(*network, 1024, cell),
                network->firstCellCentre_px() + static_cast<double>(cell) * output_stride,
                kTolerance_px);
  }
  // 1025 = 32 * 32 + 1: every reduction meets an odd number and pads both sides alike.
  EfficientNetLiteOptions options = kTiny;
  const auto blocks = efficientNetLiteBlocks(options).value();
  EXPECT_EQ(firstCellCentre_px(blocks, 1025), 0);
  EXPECT_NEAR(measuredCentre_px(*tinyNetwork(32), 1025, 16), 16 * 32, kTolerance_px);
}

TEST(EfficientNetLite, LearnsNothingWhenFrozen) {
  const auto network = tinyNetwork(16, /*frozen=*/true);
  network->setTraining(true);
  EXPECT_TRUE(network->parameters().empty());
  std::vector<at::Tensor> before;
  for (const auto& [name, tensor] : network->namedTensors()) before.push_back(tensor.clone());
  const at::Tensor logits = network->forward(at::rand({2, 3, 32, 32}) * 9).logits();
  EXPECT_FALSE(logits.requires_grad());
  const auto after = network->namedTensors();
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_TRUE(at::equal(before[i], after[i].second)) << after[i].first;
}

TEST(EfficientNetLite, MovesItsStatisticsOnlyInTraining) {
  const auto network = tinyNetwork();
  const auto meanOfStem = [&] {
    for (const auto& [name, tensor] : network->namedTensors()) {
      if (name == "_bn0.running_mean") return tensor.clone();
    }
    throw std::logic_error("no _bn0");
  };
  const at::Tensor images = at::rand({2, 3, 64, 64}) + 1;
  network->setTraining(false);
  (void)network->forward(images);
  EXPECT_EQ(meanOfStem().abs().max().item<float>(), 0);
  network->setTraining(true);
  (void)network->forward(images);
  EXPECT_GT(meanOfStem().abs().max().item<float>(), 0);
}

TEST(EfficientNetLite, PassesGradientsToAllOfItsWeights) {
  for (const bool training : {false, true}) {
    const auto network = tinyNetwork();
    network->setTraining(training);
    network->forward(at::rand({2, 3, 96, 96}) * 2 - 1).logits().square().sum().backward();
    for (const auto& [name, tensor] : network->namedTensors()) {
      if (!tensor.requires_grad()) continue;
      EXPECT_TRUE(tensor.grad().defined()) << name;
    }
  }
}

TEST(LoadNetwork, TellsTheVariantsOfEfficientNetLiteApart) {
  TensorFile file;
  storeWeights(*makeEfficientNetLite(efficientNetLiteVariant("efficientnet-lite2").value()).value(), "net", file);
  const auto fits = networksThatFit(file);
  ASSERT_GE(fits.size(), 2U);
  EXPECT_EQ(fits[0].network, "efficientnet-lite2 (1000 classes, output stride 32)");
  EXPECT_TRUE(fits[0].isComplete());
  WeightFit fit;
  EXPECT_FALSE(loadNetwork("efficientnet-lite0", file, "x", fit));
  const auto loaded = loadNetwork("efficientnet-lite2", file, "x", fit, {.output_stride = 8, .frozen = true});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->image->stride(), 8);
  EXPECT_TRUE(loaded->image->parameters().empty());
  EXPECT_FALSE(loadNetwork("efficientnet-lite2", file, "x", fit, {.output_stride = 5}));
}

TEST(LoadNetwork, RefusesWeightsWithSqueezeAndExcitation) {
  TensorFile file;
  storeWeights(*makeEfficientNetLite(efficientNetLiteVariant("efficientnet-lite0").value()).value(), "net", file);
  file.tensors["net._blocks.0._se_reduce.weight"] = toBlob(at::zeros({8, 32, 1, 1}));
  WeightFit fit;
  const auto refused = loadNetwork("efficientnet-lite0", file, "x", fit);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("squeeze-and-excitation"));
}

}  // namespace
}  // namespace tagscape
