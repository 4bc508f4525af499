#include "core/base/random.h"
#include "core/nn/fused_operators_torch.h"
#include "core/nn/memory_peak_torch.h"
#include "core/nn/network_catalog_torch.h"
#include "core/nn/network_torch.h"
#include "core/nn/tensor_operators_torch.h"
#include "core/nn/weights_torch.h"
#include "core/weights/weight_file.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace tagscape {
namespace {

using ::testing::HasSubstr;
using Sizes = std::vector<std::int64_t>;

constexpr double kRounding = 1e-4;  // relative, of float32 sums in another order

bool close(const at::Tensor& a, const at::Tensor& b) { return at::allclose(a, b, kRounding, 1e-5); }

/// Points in a room, some twice, some in a lattice with many equal distances, some at the origin.
std::vector<Eigen::Vector3f> pointsOf(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Eigen::Vector3f> points;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = [&](double to) { return static_cast<float>(random.uniform(0, to)); };
    points.emplace_back(at(4), at(3), i % 3 == 0 ? 0.F : at(2));
    if (i % 7 == 0) points.back() = (points.back() * 4).array().round() / 4;
    if (i % 11 == 0) points.back() = points[i / 2];
    if (i % 50 == 7) points.back() *= 0.004F;
  }
  return points;
}

at::Tensor tensorOf(const std::vector<Eigen::Vector3f>& points) {
  return at::from_blob(const_cast<float*>(points[0].data()), {static_cast<std::int64_t>(points.size()), 3}).clone();
}

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
    EXPECT_LT((own.gradients[i] - composed.gradients[i]).abs().max().item<double>(), kRounding * largest + 1e-6) << i;
  }
}

// ---------------------------------------------------------------------------------------------------- tensor operators

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

// ---------------------------------------------------------------------------------------------------- own loops

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
  for (std::int64_t i = 0; i < rows.numel(); ++i) {
    const at::Tensor moved = rows.detach().clone();
    moved.view(-1)[i] += kStep;
    const double up = loss(moved).item<double>();
    moved.view(-1)[i] -= 2 * kStep;
    EXPECT_NEAR((up - loss(moved).item<double>()) / (2 * kStep), rows.grad().view(-1)[i].item<double>(), 1e-5);
  }
  useOwnOperators(true);
}

// ---------------------------------------------------------------------------------------------------- ResNet38

std::unique_ptr<ImageNetwork> smallResNet38(double dropout = 0) {
  at::manual_seed(7);
  return makeResNet38({.width = 0.0625, .depth = 16, .num_classes = 5, .classifier_dropout = dropout}).value();
}

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
  network->forward(image).maps[0][0][kCell][kCell].backward();
  const at::Tensor influence = image.grad()[0].sum(0).sum(0);
  const double centre = ((influence * at::arange(320, at::kFloat)).sum() / influence.sum()).item<double>();
  EXPECT_NEAR(centre, network->firstCellCentre_px() + kCell * network->stride(), 1e-2);
}

TEST(ResNet38, KeepsItsStatisticsInTraining) {
  const auto network = smallResNet38();
  network->setTraining(true);
  std::vector<at::Tensor> before;
  for (const auto& [name, tensor] : network->namedTensors()) before.push_back(tensor.detach().clone());
  network->forward(at::rand({2, 3, 32, 32}) * 9).maps.sum().backward();
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
  EXPECT_TRUE(at::equal(network->forward(image).maps, network->forward(image).maps));
  network->setTraining(true);
  EXPECT_FALSE(at::equal(network->forward(image).maps, network->forward(image).maps));
}

TEST(ResNet38, PassesGradientsToWhatIsTrained) {
  const auto network = smallResNet38();
  network->setTraining(false);
  network->forward(at::rand({1, 3, 32, 32})).maps.square().sum().backward();
  ASSERT_FALSE(network->parameters().empty());
  for (const at::Tensor& parameter : network->parameters()) EXPECT_GT(parameter.grad().abs().sum().item<double>(), 0);
}

// ---------------------------------------------------------------------------------------------------- PointNet++

class AnyPreset : public ::testing::TestWithParam<const char*> {
 protected:
  static std::unique_ptr<PointNetwork> make(std::int64_t channels) {
    at::manual_seed(8);
    auto options = pointNet2Preset(GetParam()).value();
    options.num_channels = channels;
    options.num_classes = 5;
    return makePointNet2(std::move(options));
  }
};

TEST_P(AnyPreset, GivesFeaturesForEveryPointOfACloudOfAnySize) {
  const at::NoGradGuard no_grad;
  for (const std::int64_t channels : {0, 3, 5}) {
    const auto network = make(channels);
    network->setTraining(false);
    for (const std::int64_t count : {1, 2, 37, 2600}) {
      const at::Tensor positions = tensorOf(pointsOf(static_cast<std::size_t>(count), 9)).unsqueeze(0);
      const auto batch = makePointBatch(positions, at::rand({1, count, channels}), network->hierarchy());
      const NamedTensors taps = network->taps(batch);
      EXPECT_EQ(taps.size(), network->tapNames().size());
      EXPECT_EQ(taps.back().second.sizes(), (Sizes{1, count, 5}));
      EXPECT_EQ(taps[taps.size() - 2].second.size(1), count);
      EXPECT_TRUE(taps.back().second.isfinite().all().item<bool>());
    }
  }
}

TEST_P(AnyPreset, SaysTheSameOfACloudAloneAndInABatch) {
  const at::NoGradGuard no_grad;
  const auto network = make(3);
  network->setTraining(false);
  const at::Tensor clouds = at::stack({tensorOf(pointsOf(700, 10)), tensorOf(pointsOf(700, 11))});
  const at::Tensor colours = at::rand({2, 700, 3});
  const at::Tensor both = network->forward(makePointBatch(clouds, colours, network->hierarchy())).maps;
  for (std::int64_t b = 0; b < 2; ++b) {
    const auto alone = makePointBatch(clouds.slice(0, b, b + 1), colours.slice(0, b, b + 1), network->hierarchy());
    EXPECT_TRUE(close(network->forward(alone).maps[0], both[b]));
  }
}

// With fixed statistics: those of a batch amplify rounding so much that only float64 can tell whether two ways are the
// same (tests/reference does that).
TEST_P(AnyPreset, HasTheSameGradientsWithOwnAndWithLibTorchsOperators) {
  const at::Tensor cloud = tensorOf(pointsOf(1200, 12)).unsqueeze(0);
  const at::Tensor colours = at::rand({1, 1200, 3});
  std::vector<std::vector<at::Tensor>> gradients;
  for (const bool own : {true, false}) {
    const auto network = make(3);
    network->setTraining(false);
    const auto batch = makePointBatch(cloud, colours, network->hierarchy());
    useOwnOperators(own);
    network->forward(batch).maps.square().mean().backward();
    useOwnOperators(true);
    gradients.emplace_back();
    for (const auto& parameter : network->parameters()) gradients.back().push_back(parameter.grad());
  }
  for (std::size_t i = 0; i < gradients[0].size(); ++i) {
    const double length = gradients[1][i].norm().item<double>();
    EXPECT_LT((gradients[0][i] - gradients[1][i]).norm().item<double>(), 1e-3 * length) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(PointNet2, AnyPreset, ::testing::Values("votenet", "ssg", "msg"));

TEST(PointNet2, RefusesAnotherNumberOfChannels) {
  const auto network = makePointNet2(pointNet2Preset("votenet").value());
  const auto batch = makePointBatch(tensorOf(pointsOf(50, 1)).unsqueeze(0), at::rand({1, 50, 2}), network->hierarchy());
  EXPECT_THROW((void)network->forward(batch), std::exception);
}

// ---------------------------------------------------------------------------------------------------- weights

TEST(LoadNetwork, TakesTheSizeFromTheFile) {
  const auto first = smallResNet38();
  TensorFile file;
  storeWeights(*first, "checkpoint.image", file);
  WeightFit fit;
  const auto second = loadNetwork("resnet38", file, "x", fit);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->detail, "width 0.0625, depth 16, 5 classes");
  EXPECT_EQ(fit.prefix, "checkpoint.image.");
  first->setTraining(false);
  second->image->setTraining(false);
  const at::NoGradGuard no_grad;
  const at::Tensor image = at::rand({1, 3, 32, 32});
  EXPECT_TRUE(at::equal(first->forward(image).maps, second->image->forward(image).maps));
}

TEST(LoadNetwork, DoesWithoutTheClassifierButNothingElse) {
  TensorFile file;
  storeWeights(*smallResNet38(), "n", file);
  file.tensors.erase("n.fc8.weight");
  WeightFit fit;
  ASSERT_TRUE(loadNetwork("resnet38", file, "x", fit));
  EXPECT_THAT(fit.missing, ::testing::ElementsAre("fc8.weight"));
  file.tensors.erase("n.b6.conv_branch1.weight");
  const auto refused = loadNetwork("resnet38", file, "x.pth", fit);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("x.pth"));
  EXPECT_THAT(refused.error().message, HasSubstr("b6.conv_branch1.weight"));
}

TEST(LoadNetwork, NamesTheNetworksThereAre) {
  WeightFit fit;
  const auto refused = loadNetwork("vgg16", {}, "x", fit);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("pointnet2-votenet"));
}

TEST(NetworksThatFit, PutTheBestFirst) {
  TensorFile file;
  storeWeights(*makePointNet2(pointNet2Preset("ssg").value()), "net", file);
  const auto fits = networksThatFit(file);
  ASSERT_GE(fits.size(), 2U);
  EXPECT_EQ(fits[0].network, "pointnet2-ssg (3 channels a point, 20 classes)");
  EXPECT_TRUE(fits[0].isComplete());
  EXPECT_FALSE(fits[1].isComplete());
}

/// Weights that claim the largest networks and hold no values.
TensorFile claimsWithoutValues() {
  TensorFile file;
  const auto claim = [&](const char* name, const Sizes& shape) { file.tensors[name] = {"F32", shape, {}}; };
  claim("conv1a.weight", {256, 0});
  claim("bn7.weight", {16384, 0});
  claim("fc8.weight", {100'000, 0});
  claim("stem.0.weight", {1024, 0});
  claim("down1.0.weight", {1024, 0});
  claim("_conv_stem.weight", {32, 0});
  claim("_fc.weight", {100'000, 0});
  claim("sa1.mlp_module.layer0.conv.weight", {0, 4096});
  claim("image.classifier.weight", {100'000, 0});
  return file;
}

TEST(NetworksThatFit, BuildNothingForClaimsWithoutValues) {
  TensorFile file = claimsWithoutValues();
  const MemoryPeak peak;
  EXPECT_TRUE(networksThatFit(file).empty());
  file.tensors["conv1a.weight"] = toBlob(at::zeros({256, 3, 3, 3}));
  file.tensors["stem.0.weight"] = toBlob(at::zeros({1024, 3, 4, 4}));
  for (const auto& fit : networksThatFit(file)) EXPECT_EQ(fit.matched.size(), 1U) << fit.network;
  for (const auto& name : networkNames()) {
    WeightFit fit;
    EXPECT_FALSE(loadNetwork(name, file, "x", fit)) << name;
  }
  EXPECT_LT(peak.bytes(), 1 << 20) << "no network was built";
}

/// Names and sizes, sorted.
std::vector<std::pair<std::string, Sizes>> sortedSizes(const TensorTable& table) {
  std::vector<std::pair<std::string, Sizes>> sorted;
  for (const auto& spec : table) sorted.emplace_back(spec.name, spec.shape);
  std::ranges::sort(sorted);
  return sorted;
}

TEST(SmallNetworks, HaveTheTensorsOfTheirTables) {
  EXPECT_EQ(sortedSizes(smallImageTensors(8, 5)), sortedSizes(tableOf(*makeSmallImageNetwork(8, 5))));
  EXPECT_EQ(sortedSizes(smallPointTensors(8, 5)), sortedSizes(tableOf(*makeSmallPointNetwork(8, 5))));
}

TEST(MemoryPeak, CountsWhatTensorsHoldAtOnce) {
  const MemoryPeak peak;
  for (int i = 0; i < 3; ++i) (void)at::ones({1 << 18});
  EXPECT_GE(peak.bytes(), 1 << 20);
  EXPECT_LT(peak.bytes(), 2 << 20) << "tensors that were freed count no more";
}

}  // namespace
}  // namespace tagscape
