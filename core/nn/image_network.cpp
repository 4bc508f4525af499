#include "core/nn/network_torch.h"
#include "core/nn/rank_batch_norm_torch.h"
#include "core/nn/shared_statistics_torch.h"

#include <torch/nn.h>

namespace tagscape {
namespace {

namespace nn = torch::nn;

constexpr int kStride = 8;

/// A convolution without bias and its batch normalisation. Halving uses a 4x4 kernel, whose centre lies between pixels.
nn::Sequential convolution(int from, int to, bool halve, int dilation = 1) {
  auto options = nn::Conv2dOptions(from, to, halve ? 4 : 3).bias(false);
  options = halve ? options.stride(2).padding(1) : options.padding(dilation).dilation(dilation);
  return nn::Sequential(nn::Conv2d(options), RankBatchNorm(to));
}

struct ResidualBlockImpl : nn::Module {
  ResidualBlockImpl(int from, int to, bool halve, int dilation) {
    first = register_module("first", convolution(from, to, halve, dilation));
    second = register_module("second", convolution(to, to, false, dilation));
    shortcut = register_module("shortcut", nn::Sequential());
    // Averaging four pixels keeps the shortcut aligned with the 4x4 kernels beside it.
    if (halve) shortcut->push_back(nn::AvgPool2d(2));
    if (halve || from != to) {
      shortcut->push_back(nn::Conv2d(nn::Conv2dOptions(from, to, 1).bias(false)));
      shortcut->push_back(RankBatchNorm(to));
    }
  }

  at::Tensor forward(const at::Tensor& input) {
    const at::Tensor changed = second->forward(torch::relu(first->forward(input)));
    return torch::relu(changed + (shortcut->is_empty() ? input : shortcut->forward(input)));
  }

  nn::Sequential first{nullptr}, second{nullptr}, shortcut{nullptr};
};
TORCH_MODULE(ResidualBlock);

struct SmallResidualModule : nn::Module {
  SmallResidualModule(int w, int num_classes) {
    stem = register_module("stem", convolution(3, w, true));
    blocks = register_module("blocks",
                             nn::Sequential(ResidualBlock(w, 2 * w, true, 1),
                                            ResidualBlock(2 * w, 3 * w, true, 1),
                                            ResidualBlock(3 * w, 4 * w, false, 1),
                                            ResidualBlock(4 * w, 4 * w, false, 2)));
    classifier = register_module("classifier", nn::Conv2d(nn::Conv2dOptions(4 * w, num_classes, 1).bias(false)));
  }

  nn::Sequential stem{nullptr}, blocks{nullptr};
  nn::Conv2d classifier{nullptr};
};

class SmallImageNetwork final : public ImageNetwork, public SharesStatistics {
 public:
  SmallImageNetwork(int width, int num_classes) : module_(width, num_classes) {}

  NetworkOutput forward(const at::Tensor& images) override {
    TORCH_CHECK(images.size(2) % kStride == 0 && images.size(3) % kStride == 0, "image sides must be multiples of 8");
    at::Tensor features = module_.blocks->forward(torch::relu(module_.stem->forward(images)));
    at::Tensor logits = module_.classifier->forward(features);
    return NetworkOutput({{"features", std::move(features)}, {"logits", std::move(logits)}});
  }
  NamedTensors taps(const at::Tensor& images) override {
    const NetworkOutput output = forward(images);
    return {{"features", output.features()}, {"logits", output.logits()}};
  }
  std::vector<std::string> tapNames() const override { return {"features", "logits"}; }
  int stride() const override { return kStride; }
  std::vector<at::Tensor> parameters() const override { return module_.parameters(); }
  NamedTensors namedTensors() const override {
    NamedTensors tensors;
    for (const auto& item : module_.named_parameters()) tensors.emplace_back(item.key(), item.value());
    for (const auto& item : module_.named_buffers()) tensors.emplace_back(item.key(), item.value());
    return tensors;
  }
  void setTraining(bool training) override { module_.train(training); }
  void setBatchNormMomentum(double momentum) override { setMomentumOf(module_, momentum); }
  void shareStatistics(std::shared_ptr<ProcessGroup> group) override { shareStatisticsOf(module_, group); }
  void moveTo(const at::Device& device) override { module_.to(device); }

 private:
  SmallResidualModule module_;
};

}  // namespace

std::unique_ptr<ImageNetwork> makeSmallImageNetwork(int width, int num_classes) {
  return std::make_unique<SmallImageNetwork>(width, num_classes);
}

}  // namespace tagscape
