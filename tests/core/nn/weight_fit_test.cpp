#include "core/nn/weight_fit.h"

#include "core/distributed/torch_failure.h"
#include "core/nn/pointnet2.h"
#include "core/nn/resnet38.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <new>
#include <stdexcept>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TensorBlob blobOf(const std::vector<std::int64_t>& shape, const std::string& dtype = "F32") {
  std::int64_t count = 1;
  for (const std::int64_t side : shape) count *= side;
  return {dtype, shape, std::vector<std::byte>(static_cast<std::size_t>(count) * elementSize(dtype))};
}

const TensorTable kTable{{"a.weight", {2, 3, 1, 1}}, {"a.bias", {2}}, {"b.weight", {4}}};

std::int64_t countOf(const TensorTable& table, bool with_statistics) {
  std::int64_t count = 0;
  for (const auto& spec : table) {
    const bool is_statistic = spec.role == TensorRole::RunningMean || spec.role == TensorRole::RunningVariance;
    if ((is_statistic && !with_statistics) || spec.role == TensorRole::Classifier) continue;
    std::int64_t own = 1;
    for (const std::int64_t side : spec.shape) own *= side;
    count += own;
  }
  return count;
}

// ---------------------------------------------------------------------------------------------------- tables

TEST(ResNet38Tensors, AreAsManyParametersAsThePublishedNetworkHas) {
  EXPECT_EQ(countOf(resNet38Tensors({}).value(), false), 105'070'912);
}

TEST(ResNet38Tensors, AddTwentyClassesTimesTheFeatures) {
  const auto table = resNet38Tensors({}).value();
  EXPECT_EQ(table.back().name, "fc8.weight");
  EXPECT_THAT(table.back().shape, ElementsAre(20, 4096, 1, 1));
}

TEST(ResNet38Tensors, TrainOnlyConvolutionsAfterTheFirst) {
  const TensorTable table = resNet38Tensors({}).value();
  for (const auto& spec : table) {
    const bool is_first = spec.name.starts_with("conv1a") || spec.name.starts_with("b2");
    const bool is_weight = spec.role == TensorRole::Convolution || spec.role == TensorRole::Classifier;
    EXPECT_EQ(spec.is_trained, is_weight && !is_first) << spec.name;
  }
}

TEST(ResNet38Tensors, HaveFewerBlocksInShallowerNetworks) {
  const auto has = [](int depth, const std::string& name) {
    const TensorTable table = resNet38Tensors({.depth = depth}).value();
    return std::ranges::count(table, name, &TensorSpec::name) == 1;
  };
  EXPECT_TRUE(has(38, "b4_5.conv_branch2a.weight"));
  EXPECT_TRUE(has(26, "b4_2.conv_branch2a.weight"));
  EXPECT_FALSE(has(26, "b4_3.conv_branch2a.weight"));
  EXPECT_FALSE(has(16, "b2_1.conv_branch2a.weight"));
  const auto refused = resNet38Tensors({.depth = 50});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("38, 26 or 16"));
  EXPECT_FALSE(resNet38Tensors({.width = 0}));
}

TEST(ResNet38NameOfMxnet, FollowsThePublishedConversion) {
  EXPECT_EQ(resNet38NameOfMxnet("arg:conv1a_weight"), "conv1a.weight");
  EXPECT_EQ(resNet38NameOfMxnet("conv1a_weight"), "conv1a.weight");
  EXPECT_EQ(resNet38NameOfMxnet("arg:res2a_branch1_weight"), "b2.conv_branch1.weight");
  EXPECT_EQ(resNet38NameOfMxnet("arg:res4b5_branch2b1_weight"), "b4_5.conv_branch2b1.weight");
  EXPECT_EQ(resNet38NameOfMxnet("arg:bn6a_branch2b2_gamma"), "b6.bn_branch2b2.weight");
  EXPECT_EQ(resNet38NameOfMxnet("arg:bn6a_branch2b2_beta"), "b6.bn_branch2b2.bias");
  EXPECT_EQ(resNet38NameOfMxnet("aux:bn5b1_branch2a_moving_mean"), "b5_1.bn_branch2a.running_mean");
  EXPECT_EQ(resNet38NameOfMxnet("aux:bn7_moving_var"), "bn7.running_var");
  for (const char* other : {"arg:linear1000_weight",
                            "arg:linear1000_bias",
                            "res9a_branch1_weight",
                            "res2a_branch3_weight",
                            "res2a_branch1_gamma",
                            "bn7_",
                            "res",
                            "",
                            "res2bx_branch1_weight",
                            "bn2a_branch2a"}) {
    EXPECT_EQ(resNet38NameOfMxnet(other), "") << other;
  }
}

TEST(ResNet38NameOfMxnet, ReachesEveryTensorButTheClassifier) {
  // The other way round, by the same published rules.
  const TensorTable table = resNet38Tensors({}).value();
  for (const auto& spec : table) {
    if (spec.name == "fc8.weight") continue;
    const bool is_norm = spec.name.find("bn") != std::string::npos;
    std::string mxnet = spec.name.substr(0, spec.name.find('.'));
    const std::string kind = spec.name.substr(spec.name.rfind('.') + 1);
    const std::string own = kind == "weight"         ? (is_norm ? "gamma" : "weight")
                            : kind == "bias"         ? "beta"
                            : kind == "running_mean" ? "moving_mean"
                                                     : "moving_var";
    if (mxnet != "conv1a" && mxnet != "bn7") {
      const auto bar = mxnet.find('_');
      const std::string block =
          bar == std::string::npos ? mxnet.substr(1) + "a" : mxnet.substr(1, bar - 1) + "b" + mxnet.substr(bar + 1);
      const auto branch = spec.name.find("_branch");
      mxnet = (is_norm ? "bn" : "res") + block + spec.name.substr(branch, spec.name.rfind('.') - branch);
    }
    EXPECT_EQ(resNet38NameOfMxnet(mxnet + "_" + own), spec.name);
  }
}

TEST(PointNet2Tensors, TakeAnyNumberOfChannels) {
  auto options = pointNet2Preset("votenet").value();
  options.num_channels = 0;
  const auto bare = pointNet2Tensors(options);
  EXPECT_EQ(bare.front().name, "sa1.mlp_module.layer0.conv.weight");
  EXPECT_THAT(bare.front().shape, ElementsAre(64, 3, 1, 1));
  options.num_channels = 7;
  const auto table = pointNet2Tensors(options);
  EXPECT_THAT(table.front().shape, ElementsAre(64, 10, 1, 1));
  const auto last = std::ranges::find(table, "seg_fp2.mlp.layer0.conv.weight", &TensorSpec::name);
  ASSERT_NE(last, table.end());
  EXPECT_THAT(last->shape, ElementsAre(256, 263, 1, 1));
}

TEST(PointNet2Preset, NamesThePresetsThereAre) {
  const auto refused = pointNet2Preset("pointnet");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("votenet, ssg or msg"));
}

TEST(PointNet2Tensors, JoinTheScalesOfAMultiScaleNetwork) {
  const auto table = pointNet2Tensors(pointNet2Preset("msg").value());
  const auto shapeOf = [&](const char* name) { return std::ranges::find(table, name, &TensorSpec::name)->shape; };
  EXPECT_THAT(shapeOf("sa2.mlps.1.layer1.conv.weight"), ElementsAre(96, 64, 1, 1));
  EXPECT_THAT(shapeOf("sa2.mlps.0.layer0.conv.weight"), ElementsAre(64, 3 + 96, 1, 1));
  EXPECT_THAT(shapeOf("fp1.mlp.layer0.conv.weight"), ElementsAre(512, 1024 + 512, 1, 1));
}

// ---------------------------------------------------------------------------------------------------- fits

TEST(FitWeights, FindsTheNamesBehindAPrefix) {
  TensorFile file;
  for (const char* name : {"model.net.a.weight", "model.net.a.bias", "model.net.b.weight"})
    file.tensors[name] = blobOf(name == std::string("model.net.b.weight") ? std::vector<std::int64_t>{4}
                                                                          : std::vector<std::int64_t>{2, 3});
  file.tensors["model.net.a.bias"] = blobOf({2});
  file.tensors["model.net.a.num_batches_tracked"] = blobOf({}, "I64");
  const WeightFit fit = fitWeights(file, kTable);
  EXPECT_EQ(fit.prefix, "model.net.");
  EXPECT_EQ(fit.matched.at("a.weight"), "model.net.a.weight") << "[2, 3] is as good as [2, 3, 1, 1]";
  EXPECT_TRUE(fit.isComplete());
  EXPECT_THAT(fit.unexpected, IsEmpty());
  EXPECT_EQ(fit.problems(), "");
}

TEST(FitWeights, ListsWhatIsMissingUnexpectedAndMisshaped) {
  TensorFile file;
  file.tensors["a.weight"] = blobOf({3, 2});
  file.tensors["a.bias"] = blobOf({2}, "I64");
  file.tensors["c"] = blobOf({1});
  const WeightFit fit = fitWeights(file, kTable);
  EXPECT_FALSE(fit.isComplete());
  EXPECT_THAT(fit.missing, ElementsAre("b.weight"));
  EXPECT_THAT(fit.unexpected, ElementsAre("c"));
  EXPECT_THAT(fit.misshaped,
              ElementsAre("a.weight: [3, 2] in the file, [2, 3, 1, 1] in the network",
                          "a.bias: I64 in the file, floating point in the network"));
  EXPECT_THAT(fit.problems(), HasSubstr("1 missing: b.weight"));
  EXPECT_THAT(fit.problems(), HasSubstr("1 not used: c"));
}

TEST(TorchFailure, TellsWhatToLowerWhenMemoryRunsOut) {
  const std::runtime_error gpu("CUDA out of memory. Tried to allocate 2.00 GiB\nException raised from malloc");
  EXPECT_THAT(torchFailure("training", gpu, "image_batch").message, HasSubstr("lower image_batch"));
  EXPECT_THAT(torchFailure("training", gpu, "image_batch").message, ::testing::Not(HasSubstr("Exception raised")));
  EXPECT_THAT(torchFailure("training", std::bad_alloc(), "image_batch").message, HasSubstr("lower image_batch"));
  const std::runtime_error other("mat1 and mat2 shapes cannot be multiplied");
  EXPECT_THAT(torchFailure("training", other, "image_batch").message, ::testing::Not(HasSubstr("lower")));
}

}  // namespace
}  // namespace tagscape
