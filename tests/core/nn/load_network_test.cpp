#include "core/nn/memory_peak_torch.h"
#include "core/nn/network_catalog_torch.h"
#include "core/nn/network_torch.h"
#include "core/nn/weights_torch.h"
#include "core/weights/weight_file.h"
#include "tests/core/nn/network_fixtures.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace tagscape {
namespace {

using ::testing::HasSubstr;
using Sizes = std::vector<std::int64_t>;
using testing::smallResNet38;

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
  EXPECT_TRUE(at::equal(first->forward(image).logits(), second->image->forward(image).logits()));
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
