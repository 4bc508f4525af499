#include "core/base/log.h"
#include "core/distributed/torch_failure.h"
#include "core/encoders/encoder_description.h"
#include "core/encoders/image_encoder_torch.h"
#include "core/io/tensor_size.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

class ScriptEncoder final : public ImageEncoder {
 public:
  ScriptEncoder(fs::path path, EncoderDescription description, torch::jit::Module module)
      : path_(std::move(path)),
        name_(path_.string()),
        description_(std::move(description)),
        module_(std::move(module)),
        mean_(at::tensor(at::ArrayRef<float>(description_.mean)).view({1, 3, 1, 1})),
        deviation_(at::tensor(at::ArrayRef<float>(description_.deviation)).view({1, 3, 1, 1})) {
    module_.eval();
  }

  const std::string& name() const override { return name_; }
  std::int64_t channels() const override { return description_.channels; }
  CellGrid cells() const override { return description_.cells; }
  std::int64_t numClasses() const override { return 0; }
  Size nearestSize(double height, double width) const override {
    if (description_.input_size) return {description_.input_size->height, description_.input_size->width};
    const int stride = description_.cells.stride_px;
    const auto nearest = [&](double side) {
      return std::max(1, static_cast<int>(std::lround(side / stride))) * stride;
    };
    return {nearest(height), nearest(width)};
  }
  void moveTo(const at::Device& device) override {
    module_.to(device);
    mean_ = mean_.to(device);
    deviation_ = deviation_.to(device);
  }

 private:
  tl::unexpected<Error> wrong(std::string_view what) const {
    return failFile(ErrorCode::InvalidInput,
                    path_,
                    fmt::format("the network in {} {}", description_.file.string(), what),
                    "docs/encoders.md says what it must give; correct this file or export the network anew");
  }

  at::Tensor classify(const at::Tensor&) const override { throw std::logic_error("there is no classifier"); }

  Result<at::Tensor> encode(const at::Tensor& images) override {
    const auto output = module_.forward({(images.to(mean_.device()) - mean_) / deviation_});
    if (!output.isTensor()) return wrong(fmt::format("gives a {} instead of a tensor", output.tagKind()));
    const at::Tensor features = output.toTensor();
    const int stride = description_.cells.stride_px;
    const std::vector<std::int64_t> wanted{
        images.size(0), description_.channels, images.size(2) / stride, images.size(3) / stride};
    if (features.sizes() != at::IntArrayRef(wanted)) {
      return wrong(fmt::format("gives features [{}] of images [{}], not [{}]",
                               fmt::join(features.sizes(), ", "),
                               fmt::join(images.sizes(), ", "),
                               fmt::join(wanted, ", ")));
    }
    return features.to(at::kFloat);
  }

  fs::path path_;
  std::string name_;
  EncoderDescription description_;
  torch::jit::Module module_;
  at::Tensor mean_, deviation_;
};

}  // namespace

Result<std::unique_ptr<ImageEncoder>> makeScriptEncoder(const fs::path& path) {
  TAGSCAPE_ASSIGN(EncoderDescription description, readEncoderDescription(path));
  std::error_code code;
  if (fs::file_size(description.file, code) > kMaxWeightFileBytes || code) {
    return failFile(ErrorCode::InvalidInput, description.file, "it is too large to load", "Name another file");
  }
  log::warn(fmt::format("{} is TorchScript, which is a program: load such files only from people you trust",
                        description.file.string()));
  try {
    torch::jit::Module module = torch::jit::load(description.file.string());
    return std::make_unique<ScriptEncoder>(path, std::move(description), std::move(module));
  } catch (const std::exception& failure) {
    const Error error = torchFailure("loading TorchScript", failure, "the size of the network");
    return failFile(ErrorCode::InvalidInput,
                    description.file,
                    fmt::format("it cannot be loaded ({})", error.message),
                    "Save it with torch.jit.save, as docs/encoders.md shows");
  }
}

}  // namespace tagscape
