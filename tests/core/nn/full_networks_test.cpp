#include "core/nn/fused_operators_torch.h"
#include "core/nn/network_torch.h"
#include "tests/core/nn/network_fixtures.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using Sizes = std::vector<std::int64_t>;
using testing::close;
using testing::pointsOf;
using testing::smallResNet38;
using testing::tensorOf;

// ---------------------------------------------------------------------------------------------------- ResNet38

TEST(ResNet38, GivesItsTapsAtStrideEight) {
  const auto network = smallResNet38();
  network->setTraining(false);
  const at::NoGradGuard no_grad;
  const NamedTensors taps = network->taps(at::rand({2, 3, 41, 64}));
  std::vector<std::string> names;
  for (const auto& [name, tensor] : taps) names.push_back(name);
  EXPECT_EQ(names, network->tapNames());
  EXPECT_EQ(taps[0].second.sizes(), (Sizes{2, 32, 6, 8}));
  EXPECT_EQ(taps[1].second.sizes(), (Sizes{2, 64, 6, 8}));
  EXPECT_EQ(taps[2].second.sizes(), (Sizes{2, 256, 6, 8}));
  EXPECT_EQ(taps[3].second.sizes(), (Sizes{2, 5, 6, 8}));
}

TEST(ResNet38, CentresItsCellsWhereItSays) {
  const auto network = smallResNet38();
  network->setTraining(false);
  for (const auto& [name, tensor] : network->namedTensors()) {
    if (name.find("conv") != std::string::npos || name.find("fc8") != std::string::npos) tensor.detach().fill_(0.01);
  }
  const at::Tensor image = at::ones({1, 3, 320, 320}).requires_grad_(true);
  constexpr int kCell = 20;
  network->forward(image).logits()[0][0][kCell][kCell].backward();
  const at::Tensor influence = image.grad()[0].sum(0).sum(0);
  const double centre = ((influence * at::arange(320, at::kFloat)).sum() / influence.sum()).item<double>();
  constexpr double kTolerance_px = 1e-2;  // a mean over 320 px, weighted by gradients in float32
  EXPECT_NEAR(centre, network->firstCellCentre_px() + kCell * network->stride(), kTolerance_px);
}

TEST(ResNet38, KeepsItsStatisticsInTraining) {
  const auto network = smallResNet38();
  network->setTraining(true);
  std::vector<at::Tensor> before;
  for (const auto& [name, tensor] : network->namedTensors()) before.push_back(tensor.detach().clone());
  network->forward(at::rand({2, 3, 32, 32}) * 9).logits().sum().backward();
  const auto after = network->namedTensors();
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_TRUE(at::equal(before[i], after[i].second)) << after[i].first;
    const bool is_norm = after[i].first.find("bn") != std::string::npos;
    EXPECT_FALSE(is_norm && after[i].second.requires_grad()) << after[i].first;
  }
}

TEST(ResNet38, DropsWholeChannelsOnlyInTraining) {
  const auto network = smallResNet38();
  const at::NoGradGuard no_grad;
  const at::Tensor image = at::rand({1, 3, 32, 32});
  network->setTraining(false);
  EXPECT_TRUE(at::equal(network->forward(image).logits(), network->forward(image).logits()));
  network->setTraining(true);
  EXPECT_FALSE(at::equal(network->forward(image).logits(), network->forward(image).logits()));
}

TEST(ResNet38, PassesGradientsToWhatIsTrained) {
  const auto network = smallResNet38();
  network->setTraining(false);
  network->forward(at::rand({1, 3, 32, 32})).logits().square().sum().backward();
  ASSERT_FALSE(network->parameters().empty());
  for (const at::Tensor& parameter : network->parameters()) EXPECT_GT(parameter.grad().abs().sum().item<double>(), 0);
}

// ---------------------------------------------------------------------------------------------------- PointNet++

class PointNet2Presets : public ::testing::TestWithParam<const char*> {
 protected:
  static std::unique_ptr<PointNetwork> make(std::int64_t channels) {
    at::manual_seed(8);
    auto options = pointNet2Preset(GetParam()).value();
    options.num_channels = channels;
    options.num_classes = 5;
    return makePointNet2(std::move(options));
  }
};

TEST_P(PointNet2Presets, GivesFeaturesForEveryPointOfACloudOfAnySize) {
  const at::NoGradGuard no_grad;
  for (const std::int64_t channels : {0, 3, 5}) {
    const auto network = make(channels);
    network->setTraining(false);
    for (const std::int64_t count : {1, 2, 37, 2600}) {
      const at::Tensor positions = tensorOf(pointsOf(static_cast<std::size_t>(count), 9)).unsqueeze(0);
      const auto batch = makePointBatch(positions, at::rand({1, count, channels}), network->hierarchy());
      const NamedTensors taps = network->taps(batch);
      EXPECT_EQ(taps.size(), network->tapNames().size());
      EXPECT_EQ(taps.back().second.sizes(), (Sizes{count, 5}));
      EXPECT_EQ(taps[taps.size() - 2].second.size(0), count);
      EXPECT_TRUE(taps.back().second.isfinite().all().item<bool>());
    }
  }
}

TEST_P(PointNet2Presets, GivesTheSameForACloudAloneAndInABatch) {
  const at::NoGradGuard no_grad;
  const auto network = make(3);
  network->setTraining(false);
  const at::Tensor clouds = at::stack({tensorOf(pointsOf(700, 10)), tensorOf(pointsOf(700, 11))});
  const at::Tensor colours = at::rand({2, 700, 3});
  const PointBatch batch = makePointBatch(clouds, colours, network->hierarchy());
  const std::vector<at::Tensor> both = byCloud(network->forward(batch).logits(), batch.rows);
  for (std::int64_t b = 0; b < 2; ++b) {
    const auto alone = makePointBatch(clouds.slice(0, b, b + 1), colours.slice(0, b, b + 1), network->hierarchy());
    EXPECT_TRUE(close(network->forward(alone).logits(), both[static_cast<std::size_t>(b)]));
  }
}

// With fixed statistics, since those of a batch amplify rounding. That each operator has the same values and gradients
// is shown more exactly by own_operators_test, and the whole in float64 by tests/reference.
TEST_P(PointNet2Presets, HasTheSameGradientsWithOwnAndWithLibTorchsOperators) {
  const at::Tensor cloud = tensorOf(pointsOf(1200, 12)).unsqueeze(0);
  const at::Tensor colours = at::rand({1, 1200, 3});
  std::vector<std::vector<at::Tensor>> gradients;
  for (const bool own : {true, false}) {
    const auto network = make(3);
    network->setTraining(false);
    const auto batch = makePointBatch(cloud, colours, network->hierarchy());
    useOwnOperators(own);
    network->forward(batch).logits().square().mean().backward();
    useOwnOperators(true);
    gradients.emplace_back();
    for (const auto& parameter : network->parameters()) gradients.back().push_back(parameter.grad());
  }
  for (std::size_t i = 0; i < gradients[0].size(); ++i) {
    const double length = gradients[1][i].norm().item<double>();
    EXPECT_LT((gradients[0][i] - gradients[1][i]).norm().item<double>(), testing::kFloatGradientRounding * length) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(PointNet2, PointNet2Presets, ::testing::Values("votenet", "ssg", "msg"));

TEST(PointNet2, RefusesAnotherNumberOfChannels) {
  const auto network = makePointNet2(pointNet2Preset("votenet").value());
  const auto batch = makePointBatch(tensorOf(pointsOf(50, 1)).unsqueeze(0), at::rand({1, 50, 2}), network->hierarchy());
  EXPECT_THROW((void)network->forward(batch), std::exception);
}

}  // namespace
}  // namespace tagscape
