#include "core/nn/resnet38.h"

#include "core/nn/fused_operators_torch.h"
#include "core/nn/named_parameters_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

constexpr int kStride = 8;
constexpr double kEpsilon = 1e-5;

class ResNet38 final : public ImageNetwork {
 public:
  ResNet38(const ResNet38Options& options, std::vector<ResNet38Block> blocks, const TensorTable& table)
      : options_(options), blocks_(std::move(blocks)), tensors_(table) {}

  NetworkOutput forward(const at::Tensor& images) override {
    at::Tensor features = pass(images, nullptr);
    at::Tensor logits = classify(features);
    return NetworkOutput({{"features", std::move(features)}, {"logits", std::move(logits)}});
  }
  NamedTensors taps(const at::Tensor& images) override {
    NamedTensors taps;
    const at::Tensor features = pass(images, &taps);
    taps.emplace_back("conv6", features);
    taps.emplace_back("logits", classify(features));
    return taps;
  }
  std::vector<std::string> tapNames() const override { return {"conv4", "conv5", "conv6", "logits"}; }
  int stride() const override { return kStride; }
  double firstCellCentre_px() const override { return 0; }
  bool takesAnySize() const override { return true; }
  std::vector<at::Tensor> parameters() const override { return tensors_.trained(); }
  NamedTensors namedTensors() const override { return tensors_.all(); }
  void setTraining(bool training) override { training_ = training; }
  void setBatchNormMomentum(double) override {}
  void moveTo(const at::Device& device) override { tensors_.moveTo(device); }

 private:
  at::Tensor convolve(const at::Tensor& input, const std::string& name, int stride = 1, int dilation = 1) const {
    const at::Tensor& weight = tensors_[name + ".weight"];
    const std::int64_t padding = weight.size(2) == 1 ? 0 : dilation;
    return at::conv2d(input, weight, {}, stride, padding, dilation);
  }
  /// Normalised with fixed statistics, also in training, then ReLU.
  at::Tensor activate(const at::Tensor& input, const std::string& name) const {
    const at::Tensor scale = tensors_[name + ".weight"] * (tensors_[name + ".running_var"] + kEpsilon).rsqrt();
    const at::Tensor shift = tensors_[name + ".bias"] - tensors_[name + ".running_mean"] * scale;
    return scaleShiftRelu(input, scale, shift);
  }
  at::Tensor drop(const at::Tensor& input, double probability) const {
    return training_ && probability > 0 ? at::feature_dropout(input, probability, true) : input;
  }

  at::Tensor passBlock(const ResNet38Block& block, const at::Tensor& input, const at::Tensor& activated) const {
    const std::string& name = block.name;
    const at::Tensor shortcut =
        block.hasShortcutConvolution() ? convolve(activated, name + ".conv_branch1", block.stride) : input;
    at::Tensor branch = convolve(activated, name + ".conv_branch2a", block.stride, block.first_dilation);
    branch = drop(activate(branch, name + ".bn_branch2b1"), block.dropout);
    branch = convolve(branch, name + ".conv_branch2b1", 1, block.dilation);
    if (block.isBottleneck()) {
      branch = drop(activate(branch, name + ".bn_branch2b2"), block.dropout);
      branch = convolve(branch, name + ".conv_branch2b2");
    }
    return branch.add_(shortcut);  // Nothing else needs a convolution's output, not even its gradient.
  }

  at::Tensor pass(const at::Tensor& images, NamedTensors* taps) const {
    at::Tensor x = convolve(images, "conv1a");
    for (const auto& block : blocks_) {
      const at::Tensor activated = activate(x, block.name + ".bn_branch2a");
      if (taps != nullptr && block.name == "b5") taps->emplace_back("conv4", activated);
      if (taps != nullptr && block.name == "b6") taps->emplace_back("conv5", activated);
      x = passBlock(block, x, activated);
    }
    return activate(x, "bn7");
  }

  at::Tensor classify(const at::Tensor& features) const {
    return at::conv2d(drop(features, options_.classifier_dropout), tensors_["fc8.weight"]);
  }

  ResNet38Options options_;
  std::vector<ResNet38Block> blocks_;
  NamedParameters tensors_;
  bool training_ = true;
};

}  // namespace

Result<std::unique_ptr<ImageNetwork>> makeResNet38(const ResNet38Options& options) {
  TAGSCAPE_ASSIGN(auto blocks, resNet38Blocks(options));
  TAGSCAPE_ASSIGN(const TensorTable table, resNet38Tensors(options));
  return std::unique_ptr<ImageNetwork>(std::make_unique<ResNet38>(options, std::move(blocks), table));
}

}  // namespace tagscape
