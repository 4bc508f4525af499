#include "core/distributed/torch_failure.h"
#include "core/encoders/image_encoder_torch.h"
#include "core/nn/efficientnet/efficientnet_lite_torch.h"
#include "core/nn/network_catalog_torch.h"
#include "core/weights/weight_file.h"
#include "core/weights/weight_store.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

class EfficientNetLiteEncoder final : public ImageEncoder {
 public:
  explicit EfficientNetLiteEncoder(AnyNetwork network) : network_(std::move(network)) {
    network_.image->setTraining(false);
    lite_ = dynamic_cast<EfficientNetLite*>(network_.image.get());
    for (const auto& [name, tensor] : network_.image->namedTensors()) {
      if (name == "_fc.weight") num_classes_ = tensor.size(0);
      if (name == "_conv_head.weight") channels_ = tensor.size(0);
    }
  }

  const std::string& name() const override { return network_.name; }
  std::int64_t channels() const override { return channels_; }
  CellGrid cells() const override { return {lite_->stride(), lite_->firstCellCentre_px()}; }
  std::int64_t numClasses() const override { return num_classes_; }
  Size nearestSize(double height, double width) const override { return {nearestSide(height), nearestSide(width)}; }
  void moveTo(const at::Device& device) override {
    lite_->moveTo(device);
    device_ = device;
  }

 private:
  /// Multiples of the full stride: cells lie where cells() says only if no reduction meets an odd number of pixels.
  static int nearestSide(double side) {
    constexpr int kStep = 32;
    return std::max(1, static_cast<int>(std::lround(side / kStep))) * kStep;
  }
  at::Tensor normalised(const at::Tensor& images) const {
    constexpr double kWhite = 255, kMean = 127, kDeviation = 128;
    return (images.to(device_) * kWhite - kMean) / kDeviation;
  }
  Result<at::Tensor> encode(const at::Tensor& images) override { return lite_->features(normalised(images)); }
  Result<std::vector<at::Tensor>> encodePyramid(const at::Tensor& images) override {
    std::vector<at::Tensor> layers;
    for (auto& [name, tensor] : lite_->taps(normalised(images))) {
      if (name == "stage2" || name == "stage3" || name == "features") layers.push_back(std::move(tensor));
    }
    return layers;
  }
  at::Tensor classify(const at::Tensor& features) const override { return lite_->classify(features.to(device_)); }

  AnyNetwork network_;
  EfficientNetLite* lite_ = nullptr;
  at::Device device_{at::kCPU};
  std::int64_t num_classes_ = 0, channels_ = 0;
};

Result<std::unique_ptr<ImageEncoder>> makeEfficientNetLiteEncoder(const std::string& name,
                                                                  const EncoderOptions& options) {
  std::filesystem::path path = options.weights;
  if (path.empty()) {
    TAGSCAPE_ASSIGN(path, findWeights(name));
  }
  TAGSCAPE_ASSIGN(const WeightFile file, readWeightFile(path));
  WeightFit fit;
  TAGSCAPE_ASSIGN(AnyNetwork network,
                  loadNetwork(name, file.content, path, fit, {.output_stride = options.output_stride, .frozen = true}));
  if (!fit.missing.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("{} is not complete: {}", name, fit.problems()),
                    fmt::format("`tagscape weights fetch {}` gets the published weights", name));
  }
  return std::make_unique<EfficientNetLiteEncoder>(std::move(network));
}

}  // namespace

at::Tensor ImageEncoder::input(const RgbImage& image, int width_px) const {
  const double scale = static_cast<double>(width_px) / image.width;
  const Size size = nearestSize(image.height * scale, width_px);
  const at::Tensor bytes = at::tensor(at::ArrayRef<std::uint8_t>(image.pixels), at::kByte);
  const at::Tensor unit =
      bytes.view({image.height, image.width, 3}).permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).contiguous() / 255;
  return at::_upsample_bilinear2d_aa(unit, {size.height, size.width}, /*align_corners=*/false);
}

Status ImageEncoder::checkSize(const at::Tensor& images) const {
  if (images.dim() != 4 || images.size(1) != 3) throw std::logic_error("an encoder takes images [B, 3, H, W]");
  const auto height = static_cast<int>(images.size(2)), width = static_cast<int>(images.size(3));
  const Size taken = nearestSize(height, width);
  if (taken.height == height && taken.width == width) return {};
  return fail(ErrorCode::InvalidInput,
              fmt::format("{} takes no images of {} x {} pixels, but of {} x {}. Resize them.",
                          name(),
                          width,
                          height,
                          taken.width,
                          taken.height));
}

Result<at::Tensor> ImageEncoder::forward(const at::Tensor& images) {
  TAGSCAPE_TRY(checkSize(images));
  const at::NoGradGuard no_grad;
  try {
    return encode(images);
  } catch (const std::exception& failure) {
    return fail(torchFailure("encoding images with " + name(), failure, "the width of the images or their number"));
  }
}

Result<std::vector<at::Tensor>> ImageEncoder::pyramid(const at::Tensor& images) {
  TAGSCAPE_TRY(checkSize(images));
  const at::NoGradGuard no_grad;
  try {
    return encodePyramid(images);
  } catch (const std::exception& failure) {
    return fail(torchFailure("encoding images with " + name(), failure, "the width of the images or their number"));
  }
}

Result<std::vector<at::Tensor>> ImageEncoder::encodePyramid(const at::Tensor& images) {
  TAGSCAPE_ASSIGN(at::Tensor features, encode(images));
  return std::vector<at::Tensor>{std::move(features)};
}

Result<at::Tensor> ImageEncoder::classProbabilities(const at::Tensor& features) {
  if (numClasses() == 0)
    return fail(ErrorCode::Unsupported,
                fmt::format("{} has no classifier. Use {}.", name(), fmt::join(builtInEncoders(), " or ")));
  const at::NoGradGuard no_grad;
  try {
    return classify(features).softmax(1);
  } catch (const std::exception& failure) {
    return fail(torchFailure("classifying cells with " + name(), failure, "the width of the images or their number"));
  }
}

const std::vector<std::string>& builtInEncoders() {
  static const auto* const kNames = [] {
    auto* names = new std::vector<std::string>;
    for (const auto& weights : pretrainedWeights()) names->emplace_back(weights.network);
    return names;
  }();
  return *kNames;
}

Result<std::unique_ptr<ImageEncoder>> makeImageEncoder(const std::string& name_or_file, const EncoderOptions& options) {
  if (std::ranges::count(builtInEncoders(), name_or_file) > 0) {
    try {
      return makeEfficientNetLiteEncoder(name_or_file, options);
    } catch (const std::exception& failure) {
      return fail(torchFailure("loading " + name_or_file, failure, "the size of the weight file"));
    }
  }
  if (name_or_file.ends_with(".toml")) return makeScriptEncoder(name_or_file);
  return fail(
      ErrorCode::InvalidInput,
      fmt::format("there is no encoder '{}'. There are {}, and any TorchScript file by the .toml file beside it "
                  "(docs/encoders.md).",
                  name_or_file,
                  fmt::join(builtInEncoders(), ", ")));
}

}  // namespace tagscape
