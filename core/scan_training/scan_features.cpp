#include "core/base/log.h"
#include "core/base/random.h"
#include "core/encoders/image_encoder_torch.h"
#include "core/scan_labels/class_prior.h"
#include "core/scan_training/scan_features_torch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace tagscape {
namespace {

const std::string kDoing = "labelling the scan";  // Not a literal: GCC 12 warns of its copy.
constexpr int kFineStride_px = 4;
constexpr int kSideStep_px = 32;

/// [1, 3, H, W] in 0 … 1, of a width that fits the fine cells; for a scan without a network.
at::Tensor plainInput(const RgbImage& image, int width_px) {
  const double scale = static_cast<double>(width_px) / image.width;
  const auto side = [](double px) { return std::max(1L, std::lround(px / kSideStep_px)) * kSideStep_px; };
  const at::Tensor bytes = at::tensor(at::ArrayRef<std::uint8_t>(image.pixels), at::kByte);
  const at::Tensor unit =
      bytes.view({image.height, image.width, 3}).permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).contiguous() / 255;
  return at::_upsample_bilinear2d_aa(unit, {side(image.height * scale), side(width_px)}, /*align_corners=*/false);
}

/// Colours and their spread at two scales, and the height in the image: [1, 13, h, w].
at::Tensor colorFeatures(const at::Tensor& image, int height, int width) {
  const at::Tensor color = at::_upsample_bilinear2d_aa(image, {height, width}, /*align_corners=*/false);
  const at::Tensor gray = color.mean(1, /*keepdim=*/true);
  std::vector<at::Tensor> features{gray, color - gray};
  for (const int radius : {2, 6}) {
    const auto blurred = [&](const at::Tensor& x) {
      return at::avg_pool2d(x, 2 * radius + 1, 1, radius, false, /*count_include_pad=*/false);
    };
    const at::Tensor mean = blurred(color);
    features.push_back(mean);
    features.push_back((blurred(gray * gray) - blurred(gray).square()).clamp_min(0).sqrt());
  }
  features.push_back(at::linspace(-1, 1, height).view({1, 1, height, 1}).expand({1, 1, height, width}));
  return at::cat(features, 1);
}

std::vector<Eigen::Vector3f> colorsOf(const at::Tensor& image, int height, int width) {
  const at::Tensor small = at::_upsample_bilinear2d_aa(image, {height, width}, /*align_corners=*/false)[0];
  const at::Tensor rows = small.flatten(1).t().contiguous();
  const auto* begin = reinterpret_cast<const Eigen::Vector3f*>(rows.data_ptr<float>());
  return {begin, begin + rows.size(0)};
}

/// Means over the whole map and over random windows of it. @param map [2, D, h, w]: the image and its mirror image.
at::Tensor pooledWindows(const at::Tensor& map, int num_windows, Random& random) {
  constexpr double kSmallest = .75;
  const std::int64_t height = map.size(2), width = map.size(3);
  std::vector<at::Tensor> rows{map.mean({2, 3})};
  for (int i = 0; i < num_windows; ++i) {
    const auto window = [&](std::int64_t side) {
      const auto length = std::max<std::int64_t>(
          1, static_cast<std::int64_t>(static_cast<double>(side) * random.uniform(kSmallest, 1)));
      const auto first = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(side - length + 1)));
      return std::pair(first, length);
    };
    const auto [y, h] = window(height);
    const auto [x, w] = window(width);
    rows.push_back(map.narrow(2, y, h).narrow(3, x, w).mean({2, 3}));
  }
  return at::cat(rows);
}

at::Tensor withoutMirror(const at::Tensor& both) { return (both[0] + both[1].flip(2)) / 2; }

Result<FrameFeatures> encodeFrame(const RgbImage& image,
                                  ImageEncoder* encoder,
                                  const ScanFeatureOptions& options,
                                  Random& random) {
  const at::NoGradGuard no_grad;
  FrameFeatures frame;
  const at::Tensor input =
      encoder != nullptr ? encoder->input(image, options.width_px) : plainInput(image, options.width_px);
  frame.fine_height = static_cast<int>(input.size(2)) / kFineStride_px;
  frame.fine_width = static_cast<int>(input.size(3)) / kFineStride_px;
  frame.fine = colorFeatures(input, frame.fine_height, frame.fine_width)[0];
  frame.colors = colorsOf(input, frame.fine_height, frame.fine_width);
  if (encoder == nullptr) return frame;

  TAGSCAPE_ASSIGN(const auto pyramid, encoder->pyramid(at::cat({input, input.flip(3)})));
  const at::Tensor map = pyramid.back().contiguous();
  frame.height = static_cast<int>(map.size(2));
  frame.width = static_cast<int>(map.size(3));
  frame.pooled = pooledWindows(map, options.num_windows, random);
  const at::Tensor mean = withoutMirror(map);
  frame.coarse = mean.flatten(1).t().contiguous();
  if (options.with_prior && encoder->numClasses() == kNumImagenetClasses) {
    TAGSCAPE_ASSIGN(const at::Tensor probabilities, encoder->classProbabilities(mean.unsqueeze(0)));
    const at::Tensor cells = probabilities.contiguous();
    frame.prior = imagenetPrior({cells.data_ptr<float>(), static_cast<std::size_t>(cells.numel())},
                                static_cast<std::size_t>(frame.width * frame.height));
  }
  std::vector<at::Tensor> fine{frame.fine};
  for (std::size_t i = 0; i + 1 < pyramid.size(); ++i) {
    const at::Tensor layer = withoutMirror(pyramid[i]).unsqueeze(0);
    fine.push_back(at::upsample_bilinear2d(layer, {frame.fine_height, frame.fine_width}, /*align_corners=*/false)[0]);
  }
  frame.fine = at::cat(fine);
  return frame;
}

}  // namespace

Result<std::vector<FrameFeatures>> encodeFrames(const Scene& scene,
                                                ImageEncoder* encoder,
                                                const ScanFeatureOptions& options,
                                                const Job& job) {
  std::vector<FrameFeatures> features(scene.frames.size());
  const Random random = Random(options.seed).fork("windows");
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop(kDoing));
    job.report("encoding frames", static_cast<std::int64_t>(i), static_cast<std::int64_t>(scene.frames.size()));
    if (!scene.frames[i].has_color) continue;
    const auto image = scene.pixels->color(i);
    if (!image) {
      log::warn(fmt::format("frame {} is left out: {}", scene.frames[i].number, image.error().message));
      continue;
    }
    Random own = random.fork(std::to_string(scene.frames[i].number));
    TAGSCAPE_ASSIGN(features[i], encodeFrame(*image, encoder, options, own));
  }
  return features;
}

}  // namespace tagscape
