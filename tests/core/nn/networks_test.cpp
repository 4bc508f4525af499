#include "core/base/random.h"
#include "core/nn/fused_operators_torch.h"
#include "core/nn/network_torch.h"
#include "core/nn/weights_torch.h"
#include "tests/core/nn/network_fixtures.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::close;
using ::testing::HasSubstr;
using testing::kRounding;
using testing::kRoundingNearZero;

constexpr int kClasses = 5;

PointBatch batchOf(const std::vector<std::vector<Eigen::Vector3f>>& clouds) {
  PointHierarchyOptions options;
  options.levels = {{32, {{.25F, 8}}}, {16, {{.6F, 8}}}, {8, {{1.5F, 8}}}};
  options.padding = BallPadding::Cycle;
  std::vector<PointHierarchy> hierarchies;
  at::Tensor positions = at::empty({0, 3});
  for (const auto& cloud : clouds) {
    hierarchies.push_back(buildHierarchy(cloud, options));
    for (const auto& point : cloud)
      positions = at::cat({positions, at::tensor({point.x(), point.y(), point.z()}).view({1, 3})});
  }
  std::vector<const PointHierarchy*> pointers;
  for (const auto& hierarchy : hierarchies) pointers.push_back(&hierarchy);
  PointBatch batch = batchHierarchies(pointers, at::kCPU);
  batch.positions = positions;
  batch.features = at::cat({positions, positions.slice(1, 2, 3)}, 1);
  return batch;
}

std::vector<Eigen::Vector3f> cloudOf(std::uint64_t seed, std::size_t size = 64) {
  Random random(seed);
  std::vector<Eigen::Vector3f> points(size);
  for (auto& point : points) {
    for (int axis = 0; axis < 3; ++axis) point[axis] = static_cast<float>(random.uniform());
  }
  return points;
}

TEST(SmallImageNetwork, GivesOneCellForEightPixels) {
  const auto network = makeSmallImageNetwork(4, kClasses);
  const NetworkOutput output = network->forward(at::rand({2, 3, 32, 48}));
  EXPECT_EQ(output.logits().sizes(), (std::vector<std::int64_t>{2, kClasses, 4, 6}));
  EXPECT_EQ(output.features().sizes(), (std::vector<std::int64_t>{2, 16, 4, 6}));
}

TEST(SmallImageNetwork, RefusesImagesThatAreNoMultipleOfItsStride) {
  const auto network = makeSmallImageNetwork(4, kClasses);
  EXPECT_THROW((void)network->forward(at::rand({1, 3, 30, 48})), std::exception);
}

TEST(SmallImageNetwork, CentresEachCellWhereTheConventionSays) {
  const auto network = makeSmallImageNetwork(4, kClasses);
  network->setTraining(false);
  // Equal weights everywhere: what a cell looks at is then symmetric about its centre.
  for (const auto& [name, tensor] : network->namedTensors()) {
    if (name.find("weight") != std::string::npos) tensor.detach().fill_(0.01);
  }
  const at::Tensor image = at::ones({1, 3, 128, 128}).requires_grad_(true);
  const int cell = 8;
  network->forward(image).logits()[0][0][cell][cell].backward();
  const at::Tensor influence = image.grad()[0].sum(0);
  const at::Tensor places = at::arange(128, at::kFloat);
  const double centre_x = ((influence.sum(0) * places).sum() / influence.sum()).item<double>();
  const double centre_y = ((influence.sum(1) * places).sum() / influence.sum()).item<double>();
  constexpr double kTolerance_px = 1e-3;  // a mean place, weighted by gradients in float32
  EXPECT_NEAR(centre_x, (cell + .5) * 8 - .5, kTolerance_px);
  EXPECT_NEAR(centre_y, (cell + .5) * 8 - .5, kTolerance_px);
}

TEST(SmallImageNetwork, HasAClassifierWithoutBias) {
  const auto network = makeSmallImageNetwork(4, kClasses);
  for (const auto& [name, tensor] : network->namedTensors()) EXPECT_NE(name, "classifier.bias");
  const NetworkOutput output = network->forward(at::rand({2, 3, 16, 16}));
  at::Tensor weight;
  for (const auto& [name, tensor] : network->namedTensors()) {
    if (name == "classifier.weight") weight = tensor.flatten(1);
  }
  const at::Tensor expected = at::einsum("bfhw,cf->bchw", {output.features(), weight});
  EXPECT_TRUE(close(output.logits(), expected));
}

TEST(SmallPointNetwork, GivesTheSameForACloudAloneAndInABatchOfOtherSizes) {
  const auto network = makeSmallPointNetwork(4, kClasses);
  network->setTraining(false);
  for (const std::size_t size : {64U, 40U}) {
    const PointBatch batch = batchOf({cloudOf(1), cloudOf(2, size)});
    EXPECT_EQ(batch.rows.areEqual(), size == 64);
    const at::Tensor both = network->forward(batch).logits();
    ASSERT_EQ(both.sizes(), (std::vector<std::int64_t>{64 + static_cast<std::int64_t>(size), kClasses}));
    const std::vector<at::Tensor> clouds = byCloud(both, batch.rows);
    EXPECT_TRUE(close(clouds[0], network->forward(batchOf({cloudOf(1)})).logits()));
    EXPECT_TRUE(close(clouds[1], network->forward(batchOf({cloudOf(2, size)})).logits()));
    EXPECT_TRUE(close(meanByCloud(both, batch.rows)[1], clouds[1].mean(0)));
  }
}

TEST(NetworkOutput, HasHeadsByName) {
  const NetworkOutput output({{"logits", at::ones({2})}, {"boxes", at::zeros({3})}});
  EXPECT_TRUE(output.has("boxes"));
  EXPECT_EQ(output.head("boxes").size(0), 3);
  EXPECT_EQ(output.logits().size(0), 2);
  EXPECT_FALSE(output.has(kFeatures));
  EXPECT_THROW((void)output.features(), std::logic_error);
}

TEST(SmallPointNetwork, DependsOnNeighboursOnlyThroughOffsets) {
  const auto network = makeSmallPointNetwork(4, kClasses);
  network->setTraining(false);
  PointBatch batch = batchOf({cloudOf(3)});
  const at::Tensor before = network->forward(batch).logits();
  batch.positions = batch.positions + at::tensor({3.F, -2.F, 1.F});
  // Ten times the rounding of sums: moved coordinates lose bits before offsets are taken.
  EXPECT_TRUE(at::allclose(before, network->forward(batch).logits(), 10 * kRounding, 10 * kRoundingNearZero));
}

TEST(SmallPointNetwork, PassesGradientsToEveryParameter) {
  const auto network = makeSmallPointNetwork(4, kClasses);
  network->forward(batchOf({cloudOf(4), cloudOf(5)})).logits().square().sum().backward();
  for (const at::Tensor& parameter : network->parameters()) {
    ASSERT_TRUE(parameter.grad().defined());
    EXPECT_TRUE(parameter.grad().isfinite().all().item<bool>());
  }
}

/// Of training with one step of statistics: every parameter's gradient, and what became of the statistics.
std::vector<at::Tensor> trainedOnce(bool own) {
  at::manual_seed(9);
  const auto network = makeSmallPointNetwork(8, kClasses);
  useOwnOperators(own);
  network->forward(batchOf({cloudOf(6), cloudOf(7)})).logits().square().mean().backward();
  useOwnOperators(true);
  std::vector<at::Tensor> all;
  for (const auto& [name, tensor] : network->namedTensors())
    all.push_back(tensor.requires_grad() ? tensor.grad() : tensor.to(at::kFloat));
  return all;
}

TEST(SmallPointNetwork, LearnsTheSameWithOwnAndWithLibTorchsOperators) {
  const auto own = trainedOnce(true), composed = trainedOnce(false);
  ASSERT_EQ(own.size(), composed.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    const double difference = (own[i] - composed[i]).norm().item<double>();
    EXPECT_LT(difference, testing::kFloatGradientRounding * composed[i].norm().item<double>() + testing::kFloatRounding)
        << i;
  }
}

TEST(SmallPointNetwork, CountsTheBatchesItHasSeenInTraining) {
  const auto network = makeSmallPointNetwork(4, kClasses);
  for (const bool training : {true, false}) {
    network->setTraining(training);
    (void)network->forward(batchOf({cloudOf(8)}));
  }
  int num_counters = 0;
  for (const auto& [name, tensor] : network->namedTensors()) {
    if (!name.ends_with("num_batches_tracked")) continue;
    EXPECT_EQ(tensor.item<std::int64_t>(), 1) << name;
    ++num_counters;
  }
  EXPECT_GT(num_counters, 0);
}

TEST(NetworkWeights, GiveAnotherNetworkTheSameAnswers) {
  at::manual_seed(1);
  const auto first = makeSmallImageNetwork(4, kClasses);
  const at::Tensor image = at::rand({2, 3, 32, 32});
  (void)first->forward(image);  // Moves the running statistics away from where they start.
  TensorFile file;
  storeWeights(*first, "image", file);
  const auto second = makeSmallImageNetwork(4, kClasses);
  ASSERT_TRUE(loadWeights(file, "image", "x.safetensors", *second));
  first->setTraining(false);
  second->setTraining(false);
  EXPECT_TRUE(at::equal(first->forward(image).logits(), second->forward(image).logits()));
}

TEST(NetworkWeights, OfAnotherNetworkAreRefusedAndChangeNothing) {
  const auto network = makeSmallImageNetwork(4, kClasses);
  TensorFile file;
  storeWeights(*network, "image", file);
  const auto wider = makeSmallImageNetwork(6, kClasses);
  const at::Tensor before = wider->parameters()[0].clone();
  const Status refused = loadWeights(file, "image", "x.safetensors", *wider);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr("x.safetensors"));
  EXPECT_TRUE(at::equal(before, wider->parameters()[0]));
}

TEST(NetworkWeights, NameTheTensorThatIsMissing) {
  const auto network = makeSmallImageNetwork(4, kClasses);
  TensorFile file;
  storeWeights(*network, "image", file);
  file.tensors.erase("image.classifier.weight");
  const Status refused = loadWeights(file, "image", "x.safetensors", *network);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("image.classifier.weight"));
}

}  // namespace
}  // namespace tagscape
