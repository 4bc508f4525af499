#include "core/workflows/feature_job.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/process_memory.h"
#include "core/clouds/point_file.h"
#include "core/dataset/augmentation.h"
#include "core/distributed/torch_failure.h"
#include "core/encoders/image_encoder_torch.h"
#include "core/io/image_codec.h"
#include "core/models/networks_torch.h"
#include "core/nn/memory_peak_torch.h"
#include "core/nn/network_catalog_torch.h"
#include "core/train/threads.h"
#include "core/weights/weight_file.h"
#include "core/weights/weight_store.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace tagscape {
namespace {

constexpr float kFarthest_m = 1e6F;  // floats lie 6 cm apart there, too coarse for neighbourhoods of 20 cm

/// Computes in half precision where that is exact enough, while it lives.
class HalfPrecision {
 public:
  explicit HalfPrecision(bool wanted) : wanted_(wanted) {
    if (wanted_) at::autocast::set_enabled(true);
  }
  HalfPrecision(const HalfPrecision&) = delete;
  HalfPrecision& operator=(const HalfPrecision&) = delete;
  ~HalfPrecision() {
    if (!wanted_) return;
    at::autocast::set_enabled(false);
    at::autocast::clear_cache();
  }

 private:
  bool wanted_;
};

/// [1, 3, H, W], 0 … 1.
at::Tensor tensorOf(const RgbImage& image) {
  const at::Tensor bytes = at::tensor(at::ArrayRef<std::uint8_t>(image.pixels), at::kByte);
  return bytes.view({image.height, image.width, 3}).permute({2, 0, 1}).unsqueeze(0).to(at::kFloat) / 255;
}

at::Tensor resized(const at::Tensor& image, int long_side_px, const ImageNetwork& network) {
  const auto longest = static_cast<double>(std::max(image.size(2), image.size(3)));
  const auto side = [&](std::int64_t old) {
    const auto wanted = std::llround(static_cast<double>(old) * long_side_px / longest);
    const std::int64_t step = network.takesAnySize() ? 1 : network.stride();
    return std::max<std::int64_t>(1, (wanted + step / 2) / step) * step;
  };
  return at::_upsample_bilinear2d_aa(image, {side(image.size(2)), side(image.size(3))}, /*align_corners=*/false);
}

Result<at::Tensor> readImage(const FeatureOptions& options, const AnyNetwork& network) {
  TAGSCAPE_ASSIGN(const auto bytes, readFile(options.image));
  TAGSCAPE_ASSIGN(const RgbImage image, decodeColor(bytes, options.image));
  at::Tensor input = tensorOf(image);
  if (options.long_side_px > 0) input = resized(input, options.long_side_px, *network.image);
  const int stride = network.image->stride();
  if (!network.image->takesAnySize() && (input.size(2) % stride != 0 || input.size(3) % stride != 0)) {
    return failFile(ErrorCode::InvalidInput,
                    options.image,
                    fmt::format("{} x {} pixels, but {} takes only sides that are multiples of {}",
                                input.size(3),
                                input.size(2),
                                network.name,
                                stride),
                    "Use --long-side to resize it");
  }
  const auto wide = [](const std::array<float, 3>& values) {
    return at::tensor(at::ArrayRef<float>(values)).view({1, 3, 1, 1});
  };
  return (input - wide(network.color_mean)) / wide(network.color_deviation);
}

/// A quantile of the heights, as numpy.percentile computes it.
float heightAt(std::vector<float> heights, double quantile) {
  const double place = quantile * static_cast<double>(heights.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  std::nth_element(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(below), heights.end());
  const float low = heights[below];
  if (below + 1 == heights.size()) return low;
  const float high = *std::min_element(heights.begin() + static_cast<std::ptrdiff_t>(below) + 1, heights.end());
  return low + (high - low) * static_cast<float>(place - static_cast<double>(below));
}

/// [N, channels].
Result<at::Tensor> channelsOf(const PointCloud& cloud, const AnyNetwork& network, const std::filesystem::path& path) {
  constexpr double kFloorQuantile = 0.0099;
  const std::int64_t channels = network.point_channels;
  const bool is_small = network.name == "small-pointnet2";
  if (channels != 0 && channels != 1 && channels != 3 && channels != 4) {
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("these weights want {} channels of each point; a cloud gives 0, 1 (height), 3 (colour) or 4 "
                    "(colour and height). Use other weights.",
                    channels));
  }
  if (channels >= 3 && cloud.colors.empty())
    return failFile(ErrorCode::InvalidInput, path, "it has no colours", "Use a cloud with colours, or other weights");
  const auto num_points = static_cast<std::int64_t>(cloud.size());
  std::vector<float> heights;
  for (const auto& point : cloud.positions_m) heights.push_back(point.z());
  const at::Tensor z = at::tensor(heights).view({num_points, 1});
  const at::Tensor height = z - heightAt(std::move(heights), kFloorQuantile);
  std::vector<at::Tensor> columns;
  if (channels >= 3) {
    std::vector<float> colors;
    for (const auto& color : cloud.colors) {
      for (const auto value : color) colors.push_back(static_cast<float>(value) / 255);
    }
    const at::Tensor unit = at::tensor(colors).view({num_points, 3});
    columns.push_back(is_small ? unit * 2 - 1 : unit);
  }
  if (channels == 1 || channels == 4) columns.push_back(is_small ? height - 1 : height);
  return columns.empty() ? at::empty({num_points, 0}) : at::cat(columns, 1);
}

struct CloudInput {
  at::Tensor positions, channels;
};

Result<CloudInput> readCloud(const FeatureOptions& options, const AnyNetwork& network) {
  TAGSCAPE_ASSIGN(const CloudContent content, readPointFile(options.cloud));
  for (const auto& note : content.notes) log::warn(options.cloud.string() + ": " + note);
  const PointCloud& cloud = content.mesh.vertices;
  for (std::size_t row = 0; row < cloud.size(); ++row) {
    if (!cloud.positions_m[row].allFinite()) {
      return failFile(ErrorCode::InvalidInput,
                      options.cloud,
                      fmt::format("point {} is not finite", row),
                      "Remove such points from the cloud");
    }
    if (!(cloud.positions_m[row].cwiseAbs().maxCoeff() <= kFarthest_m)) {
      return failFile(ErrorCode::InvalidInput,
                      options.cloud,
                      fmt::format("point {} lies more than {:g} m from the origin", row, kFarthest_m),
                      "Remove such points, or move or scale the cloud: coordinates are metres");
    }
  }
  const auto num_points = static_cast<std::int64_t>(cloud.size());
  CloudInput input;
  std::vector<float> positions;
  for (const auto& point : cloud.positions_m) positions.insert(positions.end(), point.data(), point.data() + 3);
  input.positions = at::tensor(positions).view({1, num_points, 3});
  TAGSCAPE_ASSIGN(const at::Tensor channels, channelsOf(cloud, network, options.cloud));
  input.channels = channels.unsqueeze(0);
  return input;
}

Status checkRequest(const FeatureOptions& options, const AnyNetwork& network, const at::Device& device) {
  const auto taps = network.tapNames();
  if (std::ranges::count(taps, options.tap) == 0) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("{} has no tap '{}'. It has {}.", network.name, options.tap, fmt::join(taps, ", ")));
  }
  if (options.image.empty() != (network.image == nullptr)) {
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("{} needs {}", network.name, network.image ? "an image: --image FILE" : "points: --cloud FILE"));
  }
  if (options.half_precision && !device.is_cuda()) {
    return fail(ErrorCode::Unsupported,
                "half precision needs a CUDA device: on a processor it is slower, not faster. Leave --half away.");
  }
  return {};
}

at::Tensor tapOf(const FeatureOptions& options, NamedTensors taps) {
  for (auto& [name, tensor] : taps) {
    if (name == options.tap) return options.image.empty() ? tensor : tensor[0];
  }
  throw std::logic_error("computeFeatures: a tap that was promised");
}

/// The file that was named, or the fetched one.
Result<std::filesystem::path> weightsFor(const FeatureOptions& options) {
  if (!options.weights.empty()) return options.weights;
  auto found = findWeights(options.network);
  if (!found) found.error().message += " Or name a weight file: --weights FILE.";
  return found;
}

/// What a tensor of an output holds, and what computing it took.
Features featuresOf(const at::Tensor& tap, std::chrono::steady_clock::time_point begin, const MemoryPeak& peak) {
  const at::Tensor plain = tap.to(at::kCPU, at::kFloat).contiguous();
  Features found;
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  found.shape = plain.sizes().vec();
  found.values.assign(plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel());
  found.tensor_peak_bytes = peak.bytes();
  found.process_peak_bytes = processPeakBytes();
  return found;
}

/// With a TorchScript network of the user's.
Result<Features> runEncoder(const FeatureOptions& options) {
  TAGSCAPE_ASSIGN(const at::Device device, resolveDevice(options.device));
  TAGSCAPE_ASSIGN(const auto encoder, makeImageEncoder(options.network));
  if (options.tap != "features")
    return fail(ErrorCode::InvalidInput,
                fmt::format("{} has no tap '{}'. It has features.", options.network, options.tap));
  if (options.image.empty())
    return fail(ErrorCode::InvalidInput, fmt::format("{} needs an image: --image FILE", options.network));
  TAGSCAPE_ASSIGN(const auto bytes, readFile(options.image));
  TAGSCAPE_ASSIGN(const RgbImage image, decodeColor(bytes, options.image));
  const double scale = options.long_side_px > 0 ? options.long_side_px * 1. / std::max(image.width, image.height) : 1;
  encoder->moveTo(device);
  const MemoryPeak peak;
  const auto begin = std::chrono::steady_clock::now();
  const at::Tensor input = encoder->input(image, std::max(1, static_cast<int>(std::lround(image.width * scale))));
  TAGSCAPE_ASSIGN(const at::Tensor encoded, encoder->forward(input));
  Features found = featuresOf(encoded[0], begin, peak);
  found.network = encoder->name();
  found.device = device.str();
  return found;
}

Result<Features> run(const FeatureOptions& options) {
  if (options.network.ends_with(".toml")) return runEncoder(options);
  TAGSCAPE_ASSIGN(const at::Device device, resolveDevice(options.device));
  TAGSCAPE_ASSIGN(const std::filesystem::path weights, weightsFor(options));
  TAGSCAPE_ASSIGN(const WeightFile file, readWeightFile(weights));
  WeightFit fit;
  TAGSCAPE_ASSIGN(AnyNetwork network,
                  loadNetwork(options.network, file.content, weights, fit, {.output_stride = options.output_stride}));
  TAGSCAPE_TRY(checkRequest(options, network, device));
  network.network().moveTo(device);
  network.network().setTraining(false);
  at::Tensor image;
  CloudInput cloud;
  if (network.image) {
    TAGSCAPE_ASSIGN(image, readImage(options, network));
  } else {
    TAGSCAPE_ASSIGN(cloud, readCloud(options, network));
  }
  const at::NoGradGuard no_grad;
  const HalfPrecision half(options.half_precision);
  const MemoryPeak peak;
  const auto begin = std::chrono::steady_clock::now();
  const at::Tensor tap =
      tapOf(options,
            network.image ? network.image->taps(image.to(device))
                          : network.points->taps(makePointBatch(
                                cloud.positions.to(device), cloud.channels.to(device), network.points->hierarchy())));
  Features found = featuresOf(tap, begin, peak);
  found.network = fmt::format("{} ({})", network.name, network.detail);
  found.device = device.str();
  found.notes = fit.problems();
  return found;
}

}  // namespace

Result<Features> computeFeatures(const FeatureOptions& asked) {
  FeatureOptions options = asked;
  if (options.tap == "maps") options.tap = kLogits;  // The name in earlier versions.
  if (options.image.empty() == options.cloud.empty())
    return fail(ErrorCode::InvalidInput, "name an image or a cloud: --image FILE or --cloud FILE");
  setLargeNetworkThreads(options.num_threads);
  try {
    return run(options);
  } catch (const std::exception& failure) {
    return fail(torchFailure(
        "computing features", failure, options.image.empty() ? "the number of points in the cloud" : "--long-side"));
  }
}

}  // namespace tagscape
