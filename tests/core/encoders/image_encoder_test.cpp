#include "core/base/files.h"
#include "core/encoders/image_encoder_torch.h"
#include "core/io/image_codec.h"
#include "core/nn/efficientnet/efficientnet_lite_torch.h"
#include "core/nn/weights_torch.h"
#include "core/weights/weight_store.h"
#include "tests/support/temporary_folder.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Sizes = std::vector<std::int64_t>;

RgbImage gradientImage(int width, int height) {
  RgbImage image(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) image.at(x, y, 0) = static_cast<std::uint8_t>(x * 255 / width);
  }
  return image;
}

// ---------------------------------------------------------------------------------------------------- TorchScript

/// A TorchScript network that averages 4 x 4 pixels and repeats the channels: [B, 3, H, W] to [B, 6, H/4, W/4].
class ScriptEncoder : public ::testing::Test {
 protected:
  ScriptEncoder() {
    torch::jit::Module module("pooling");
    module.define(R"(
      def forward(self, images):
        pooled = torch.avg_pool2d(images, [4, 4])
        return torch.cat([pooled, pooled], 1)
    )");
    module.save((folder_.path() / "net.pt").string());
  }
  [[nodiscard]] std::string describe(const std::string& toml) const { return folder_.write("net.toml", toml).string(); }
  [[nodiscard]] Error refusal(const std::string& toml) const {
    const auto encoder = makeImageEncoder(describe(toml));
    EXPECT_FALSE(encoder) << toml;
    return encoder ? Error{} : encoder.error();
  }

  static constexpr const char* kRight = "stride = 4\nchannels = 6\nmean = [0.5, 0.25, 0]\ndeviation = [0.5, 0.5, 2]\n";
  testing::TemporaryFolder folder_;
};

TEST_F(ScriptEncoder, GivesWhatTheNetworkComputesFromScaledColours) {
  const auto encoder = makeImageEncoder(describe(kRight));
  ASSERT_TRUE(encoder) << encoder.error().message;
  EXPECT_EQ((*encoder)->channels(), 6);
  EXPECT_EQ((*encoder)->cells().stride_px, 4);
  EXPECT_EQ((*encoder)->cells().first_px, 1.5);
  EXPECT_EQ((*encoder)->numClasses(), 0);
  const auto features = (*encoder)->forward(at::full({2, 3, 8, 12}, .75));
  ASSERT_TRUE(features) << features.error().message;
  EXPECT_EQ(features->sizes(), (Sizes{2, 6, 2, 3}));
  for (const auto& [channel, value] : {std::pair{0, .5}, {1, 1.}, {2, .375}, {5, .375}})
    EXPECT_FLOAT_EQ((*features)[1][channel][1][2].item<float>(), static_cast<float>(value));
  EXPECT_FALSE(features->requires_grad());
  const auto classes = (*encoder)->classProbabilities(*features);
  ASSERT_FALSE(classes);
  EXPECT_EQ(classes.error().code, ErrorCode::Unsupported);
}

TEST_F(ScriptEncoder, ResizesImagesToSidesThatItTakes) {
  const auto any = makeImageEncoder(describe(kRight)).value();
  EXPECT_EQ(any->input(gradientImage(50, 31), 25).sizes(), (Sizes{1, 3, 16, 24}));
  const auto fixed = makeImageEncoder(describe(std::string(kRight) + "input_size = [20, 40]\n")).value();
  EXPECT_EQ(fixed->input(gradientImage(50, 31), 25).sizes(), (Sizes{1, 3, 20, 40}));
  const auto refused = fixed->forward(at::zeros({1, 3, 24, 40}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr("but of 40 x 20"));
}

TEST_F(ScriptEncoder, NamesTheFileWhenTheNetworkGivesSomethingElse) {
  const auto failureOf = [&](const std::string& toml) {
    const auto encoder = makeImageEncoder(describe(toml));
    EXPECT_TRUE(encoder);
    const auto features = (*encoder)->forward(at::zeros({1, 3, 16, 16}));
    EXPECT_FALSE(features);
    return features.error();
  };
  const std::string colours = "mean = [0, 0, 0]\ndeviation = [1, 1, 1]\n";
  const Error channels = failureOf("stride = 4\nchannels = 5\n" + colours);
  EXPECT_EQ(channels.code, ErrorCode::InvalidInput);
  EXPECT_THAT(channels.message, HasSubstr("net.toml"));
  EXPECT_THAT(channels.message, HasSubstr("gives features [1, 6, 4, 4] of images [1, 3, 16, 16], not [1, 5, 4, 4]"));
  EXPECT_THAT(failureOf("stride = 8\nchannels = 6\n" + colours).message, HasSubstr("not [1, 6, 2, 2]"));
}

TEST_F(ScriptEncoder, NamesTheKeyThatIsWrongInItsDescription) {
  const std::string colours = "mean = [0, 0, 0]\ndeviation = [1, 1, 1]\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"stride = \n", "line 1"},
      {"channels = 6\n" + colours, "stride is missing"},
      {"stride = 0\nchannels = 6\n" + colours, "line 1: stride must be a whole number of 1 to 256"},
      {"stride = 4.5\nchannels = 6\n" + colours, "stride must be a whole number"},
      {"stride = 4\nchannels = 9999999\n" + colours, "line 2: channels must be a whole number of 1 to 65536"},
      {"stride = 4\nchannels = 6\nmean = [0, 0]\ndeviation = [1, 1, 1]\n", "mean must be a list of 3 numbers"},
      {"stride = 4\nchannels = 6\nmean = [0, 0, nan]\ndeviation = [1, 1, 1]\n", "mean must be a list of 3 numbers"},
      {"stride = 4\nchannels = 6\nmean = [0, 0, 0]\ndeviation = [1, 0, 1]\n", "deviation must be above 0"},
      {kRight + std::string("input_size = [20, 42]\n"), "input_size must be height and width"},
      {kRight + std::string("first_cell_centre = 'left'\n"), "first_cell_centre must be a number"},
      {kRight + std::string("first_cell_centre = 99\n"), "within a stride"},
      {kRight + std::string("sdt = 3\n"), "line 5: sdt is no key of an encoder"},
      {kRight + std::string("file = 3\n"), "file must be the name"}};
  for (const auto& [toml, problem] : cases) {
    const Error error = refusal(toml);
    EXPECT_EQ(error.code, ErrorCode::InvalidInput) << toml;
    EXPECT_THAT(error.message, HasSubstr("net.toml: "));
    EXPECT_THAT(error.message, HasSubstr(problem));
  }
}

TEST_F(ScriptEncoder, NamesTheFileThatIsMissingOrNoTorchScript) {
  const Error missing = refusal(kRight + std::string("file = 'other.pt'\n"));
  EXPECT_EQ(missing.code, ErrorCode::NotFound);
  EXPECT_THAT(missing.message, HasSubstr("other.pt"));
  folder_.write("net.pt", "no zip file");
  const Error broken = refusal(kRight);
  EXPECT_EQ(broken.code, ErrorCode::InvalidInput);
  EXPECT_THAT(broken.message, HasSubstr("net.pt: it cannot be loaded"));
  EXPECT_EQ(makeImageEncoder((folder_.path() / "none.toml").string()).error().code, ErrorCode::NotFound);
}

TEST(MakeImageEncoder, NamesTheEncodersThereAre) {
  const auto refused = makeImageEncoder("resnet38");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr("efficientnet-lite0"));
}

// ----------------------------------------------------------------------------------------------------
// EfficientNet-Lite

TEST(EfficientNetLiteEncoder, GivesFeaturesAndClassesOfItsCells) {
  const testing::TemporaryFolder folder;
  const fs::path path = folder.path() / "lite0.safetensors";
  at::manual_seed(3);
  const auto network = makeEfficientNetLite(efficientNetLiteVariant("efficientnet-lite0").value()).value();
  TensorFile file;
  storeWeights(*network, "net", file);
  ASSERT_TRUE(writeSafetensors(path, file));
  const auto encoder = makeImageEncoder("efficientnet-lite0", {.output_stride = 16, .weights = path});
  ASSERT_TRUE(encoder) << encoder.error().message;
  EXPECT_EQ((*encoder)->channels(), 1280);
  EXPECT_EQ((*encoder)->numClasses(), 1000);
  EXPECT_EQ((*encoder)->cells().stride_px, 16);
  EXPECT_EQ((*encoder)->cells().first_px, 15);
  const at::Tensor image = (*encoder)->input(gradientImage(200, 150), 128);
  EXPECT_EQ(image.sizes(), (Sizes{1, 3, 96, 128}));
  const auto features = (*encoder)->forward(image);
  ASSERT_TRUE(features) << features.error().message;
  EXPECT_EQ(features->sizes(), (Sizes{1, 1280, 6, 8}));
  const auto classes = (*encoder)->classProbabilities(*features);
  ASSERT_TRUE(classes) << classes.error().message;
  EXPECT_EQ(classes->sizes(), (Sizes{1, 1000, 6, 8}));
  EXPECT_TRUE(at::allclose(classes->sum(1), at::ones({1, 6, 8})));
  EXPECT_FALSE((*encoder)->forward(at::zeros({1, 3, 100, 128}))) << "no multiple of 32";
}

TEST(EfficientNetLiteEncoder, RefusesWeightsWithoutTheClassifier) {
  const testing::TemporaryFolder folder;
  TensorFile file;
  storeWeights(*makeEfficientNetLite(efficientNetLiteVariant("efficientnet-lite0").value()).value(), "net", file);
  file.tensors.erase("net._fc.weight");
  ASSERT_TRUE(writeSafetensors(folder.path() / "w", file));
  const auto refused = makeImageEncoder("efficientnet-lite0", {.weights = folder.path() / "w"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("_fc.weight"));
}

TEST(EfficientNetLiteEncoder, NamesWhatAPhotographShows) {
  const auto capture = testing::officeCapture();
  if (!capture) GTEST_SKIP() << testing::kNoOffice;
  for (const std::string& name : builtInEncoders()) {
    if (const auto weights = findWeights(name); !weights) GTEST_SKIP() << weights.error().message;
    const auto encoder = makeImageEncoder(name, {.output_stride = 16});
    ASSERT_TRUE(encoder) << encoder.error().message;
    const fs::path path = *capture / "color" / "10.jpg";
    const RgbImage photograph = decodeColor(readFile(path).value(), path).value();
    const auto features = (*encoder)->forward((*encoder)->input(photograph, 512));
    ASSERT_TRUE(features) << features.error().message;
    const at::Tensor of_image = (*encoder)->classProbabilities(features->mean({2, 3}, /*keepdim=*/true)).value();
    // Desks stand in the middle of it: "desk" or, as they are bare, "dining table" of ILSVRC 2012.
    constexpr int kDesk = 526, kDiningTable = 532;
    EXPECT_THAT(of_image.argmax(1).item<std::int64_t>(), ::testing::AnyOf(kDesk, kDiningTable)) << name;
  }
}

}  // namespace
}  // namespace tagscape
