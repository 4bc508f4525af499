#include "core/models/networks.h"

#include "core/distributed/torch_failure.h"
#include "core/models/networks_torch.h"
#include "core/nn/weights_torch.h"
#include "core/weights/weight_file.h"

#include <ATen/ATen.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <torch/cuda.h>

#include <algorithm>
#include <cstring>

namespace tagscape {
namespace {

tl::unexpected<Error> torchFailed(std::string_view doing, const std::exception& failure) {
  return fail(torchFailure(doing, failure, "image_width, points_width, image_long_side_px or points_per_cloud"));
}

constexpr const char* kSmallImage = "small-residual";
constexpr const char* kSmallPoints = "small-pointnet2";

/// All widths multiplied so that the first layer has `first`.
void scaleWidths(PointNet2Options& options, std::int64_t first) {
  const std::int64_t published = options.abstractions.front().scales.front().widths.front();
  const auto scale = [&](std::vector<std::int64_t>& widths) {
    for (std::int64_t& width : widths) width = std::max<std::int64_t>(1, width * first / published);
  };
  for (Abstraction& abstraction : options.abstractions) {
    for (AbstractionScale& one : abstraction.scales) scale(one.widths);
  }
  for (Propagation& propagation : options.propagations) scale(propagation.widths);
}

Result<std::unique_ptr<PointNetwork>> makePointNetwork(const NetworkDescription& description) {
  constexpr std::string_view kPublished = "pointnet2-";
  if (description.point_kind == kSmallPoints) return makeSmallPointNetwork(description.points_width, kNumClasses);
  if (!description.point_kind.starts_with(kPublished)) {
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("there is no point network '{}'. Choose {}, pointnet2-votenet, pointnet2-ssg or pointnet2-msg.",
                    description.point_kind,
                    kSmallPoints));
  }
  TAGSCAPE_ASSIGN(PointNet2Options options, pointNet2Preset(description.point_kind.substr(kPublished.size())));
  options.num_channels = kPointFeatures;
  options.num_classes = kNumClasses;
  scaleWidths(options, description.points_width);
  return makePointNet2(std::move(options));
}

NetworkInputs inputsOf(const NetworkDescription& description, const ImageNetwork& image, const PointNetwork& points) {
  NetworkInputs inputs;
  if (description.image_kind != kSmallImage) inputs.colors = imageNetColors();
  if (description.point_kind != kSmallPoints) inputs.channels = PointChannels::UnitColorHeight;
  inputs.cells = {image.stride(), image.firstCellCentre_px()};
  inputs.hierarchy = points.hierarchy();
  return inputs;
}

Status loadPretrained(const std::filesystem::path& path, Network& network, std::string_view classifier) {
  TAGSCAPE_ASSIGN(const WeightFile file, readWeightFile(path));
  const WeightFit fit = loadMatching(file.content, network);
  const bool whole = fit.misshaped.empty() && std::ranges::all_of(fit.missing, [&](const std::string& name) {
                       return name.starts_with(classifier);
                     });
  if (whole) return {};
  std::string problems = fit.problems();
  std::ranges::replace(problems, '\n', ',');
  return failFile(ErrorCode::InvalidInput,
                  path,
                  "these weights do not fit: " + problems,
                  "`tagscape weights FILE` tells what a file fits");
}

std::vector<float> toVector(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.to(at::kCPU, at::kFloat).contiguous();
  const float* begin = plain.data_ptr<float>();
  return {begin, begin + plain.numel()};
}

}  // namespace

Result<std::unique_ptr<ImageNetwork>> makeImageNetwork(const NetworkDescription& description) {
  if (description.image_kind == kSmallImage) return makeSmallImageNetwork(description.image_width, kNumClasses);
  if (description.image_kind == "resnet38") {
    constexpr double kPublishedWidth = 64;
    ResNet38Options options;
    options.width = description.image_width / kPublishedWidth;
    options.num_classes = kNumClasses;
    // ResNet38 freezes its first layers only if they are pretrained.
    options.freeze_first = description.image_is_pretrained;
    return makeResNet38(options);
  }
  return fail(
      ErrorCode::InvalidInput,
      fmt::format("there is no image network '{}'. Choose {} or resnet38.", description.image_kind, kSmallImage));
}

Result<at::Device> resolveDevice(const std::string& name) {
  const int num_cuda = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
  if (name == "cpu") return at::Device(at::kCPU);
  if (name == "auto") return num_cuda > 0 ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
  int index = 0;
  const bool numbered = name.starts_with("cuda:") && name.size() > 5 && name.size() <= 8 &&
                        std::all_of(name.begin() + 5, name.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (numbered) index = std::stoi(name.substr(5));
  if (name != "cuda" && !numbered) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("there is no device '{}'. Choose auto, cpu, cuda or cuda:<number>.", name));
  }
  if (!at::detail::getCUDAHooks().hasCUDART()) {
    return fail(ErrorCode::Unsupported,
                fmt::format("device '{}': this LibTorch was built without CUDA. Use --device cpu, or build against a "
                            "CUDA LibTorch (CMAKE_PREFIX_PATH).",
                            name));
  }
  if (index >= num_cuda) {
    return fail(ErrorCode::Unsupported,
                fmt::format("device '{}': LibTorch finds {} CUDA devices here. Use a smaller number, check "
                            "the driver (nvidia-smi), or use --device cpu.",
                            name,
                            num_cuda));
  }
  return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}

PointBatch batchClouds(const std::vector<const PreparedCloud*>& clouds,
                       const std::vector<CloudWarp>& warps,
                       PointChannels channels,
                       const at::Device& device) {
  std::vector<const PointHierarchy*> hierarchies;
  for (const PreparedCloud* cloud : clouds) hierarchies.push_back(&cloud->hierarchy);
  PointBatch batch = batchHierarchies(hierarchies, device);
  const std::int64_t num_rows = batch.rows.numRows();
  at::Tensor positions = at::empty({num_rows, 3}, at::kFloat);
  at::Tensor features = at::empty({num_rows, kPointFeatures}, at::kFloat);
  auto* position = positions.data_ptr<float>();
  auto* feature = features.data_ptr<float>();
  for (std::size_t b = 0; b < clouds.size(); ++b) {
    for (std::size_t row = 0; row < clouds[b]->positions_m.size(); ++row, position += 3, feature += kPointFeatures) {
      const Eigen::Vector3f moved = warps[b].world_from_world * clouds[b]->positions_m[row];
      std::copy_n(moved.data(), 3, position);
      std::copy_n(clouds[b]->features[row].begin(), kPointFeatures, feature);
      // The gain is of colours in 0 … 1; features hold them in [-1, 1], and the height minus 1.
      const bool unit = channels == PointChannels::UnitColorHeight;
      for (int c = 0; c < 3; ++c) {
        const float brightened = (feature[c] + 1) * warps[b].gain[c];
        feature[c] = unit ? brightened / 2 : brightened - 1;
      }
      if (unit) feature[3] += 1;
    }
  }
  batch.positions = positions.to(device);
  batch.features = features.to(device);
  return batch;
}

Networks::Networks(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Networks::Networks(Networks&&) noexcept = default;
Networks& Networks::operator=(Networks&&) noexcept = default;
Networks::~Networks() = default;

Result<Networks> Networks::create(const NetworkDescription& description,
                                  const std::string& device,
                                  std::uint64_t seed) {
  if (description.image_width < 1 || description.points_width < 1 || description.image_width > 1024 ||
      description.points_width > 1024) {
    return fail(ErrorCode::InvalidInput, "the width of a network must be 1 to 1024");
  }
  try {
    TAGSCAPE_ASSIGN(const at::Device chosen, resolveDevice(device));
    at::manual_seed(seed);  // Initialisation is the only use of LibTorch's own random numbers.
    auto impl = std::make_unique<Impl>();
    impl->description = description;
    impl->device = chosen;
    TAGSCAPE_ASSIGN(impl->image, makeImageNetwork(description));
    TAGSCAPE_ASSIGN(impl->points, makePointNetwork(description));
    impl->inputs = inputsOf(description, *impl->image, *impl->points);
    impl->image->moveTo(chosen);
    impl->points->moveTo(chosen);
    return Networks(std::move(impl));
  } catch (const std::exception& failure) {
    return torchFailed("making the networks", failure);
  }
}

const NetworkDescription& Networks::description() const { return impl_->description; }
std::string Networks::deviceName() const { return impl_->device.str(); }
int Networks::imageStride() const { return impl_->image->stride(); }
const NetworkInputs& Networks::inputs() const { return impl_->inputs; }

Status Networks::loadPretrainedImage(const std::filesystem::path& file) {
  return loadPretrained(file, *impl_->image, "fc8");
}
Status Networks::loadPretrainedPoints(const std::filesystem::path& file) {
  return loadPretrained(file, *impl_->points, "classifier");
}

TensorFile Networks::weights() const {
  TensorFile file;
  storeWeights(*impl_->image, "image", file);
  storeWeights(*impl_->points, "points", file);
  return file;
}

Status Networks::setWeights(const TensorFile& file, const std::filesystem::path& name) {
  TAGSCAPE_TRY(loadWeights(file, "image", name, *impl_->image));
  return loadWeights(file, "points", name, *impl_->points);
}

Result<std::vector<float>> Networks::pointLogits(const PreparedCloud& cloud) {
  try {
    const at::NoGradGuard no_grad;
    impl_->points->setTraining(false);
    return toVector(
        impl_->points->forward(batchClouds({&cloud}, {CloudWarp{}}, impl_->inputs.channels, impl_->device)).logits());
  } catch (const std::exception& failure) {
    return torchFailed("computing the logits of points", failure);
  }
}

Result<FrameLogits> Networks::frameLogits(const RgbImage& image) {
  try {
    const at::NoGradGuard no_grad;
    impl_->image->setTraining(false);
    at::Tensor input = at::empty({1, 3, image.height, image.width}, at::kFloat);
    normaliseImage(image, impl_->inputs.colors, {input.data_ptr<float>(), static_cast<std::size_t>(input.numel())});
    const at::Tensor logits = impl_->image->forward(input.to(impl_->device)).logits();
    return FrameLogits{static_cast<int>(logits.size(3)), static_cast<int>(logits.size(2)), toVector(logits)};
  } catch (const std::exception& failure) {
    return torchFailed("computing the logits of a frame", failure);
  }
}

}  // namespace tagscape
