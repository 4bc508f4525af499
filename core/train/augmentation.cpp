#include "core/train/augmentation.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr float kMean = 0.45F;
constexpr float kDeviation = 0.25F;

/// A row or a column of bilinear sampling: the two pixels on both sides and the share of the second.
struct Between {
  int first = 0, second = 0;
  float share = 0;
};

Between between(double place, int size) {
  const double inside = std::clamp(place, 0.0, static_cast<double>(size - 1));
  const int first = static_cast<int>(inside);
  return {first, std::min(first + 1, size - 1), static_cast<float>(inside - first)};
}

/// Saturation mixes with the pixel's grey, contrast with the mean of the image.
void jitterColors(const ColorJitter& jitter, std::span<float> pixels) {
  const std::size_t area = pixels.size() / 3;
  double sum = 0;
  for (float& value : pixels) sum += (value *= jitter.brightness);
  const auto mean = static_cast<float>(sum / static_cast<double>(pixels.size()));
  for (std::size_t i = 0; i < area; ++i) {
    float* const channels[3] = {&pixels[i], &pixels[area + i], &pixels[2 * area + i]};
    for (float* value : channels) *value = (*value - mean) * jitter.contrast + mean;
    const float grey = (*channels[0] + *channels[1] + *channels[2]) / 3;
    for (int c = 0; c < 3; ++c) {
      *channels[c] = ((*channels[c] - grey) * jitter.saturation + grey) * jitter.gain[c];
    }
  }
}

void normalise(std::span<float> pixels) {
  for (float& value : pixels) value = (std::clamp(value, 0.F, 1.F) - kMean) / kDeviation;
}

}  // namespace

ImageWarp drawWarp(Random& random, int width, int height, int crop_px, double scale_min, bool flip) {
  const double side = random.uniform(scale_min, 1) * std::min(width, height);
  const double left = random.uniform(0, width - side) - .5;  // An edge, half a pixel left of the first centre.
  const double top = random.uniform(0, height - side) - .5;
  const bool mirrored = flip && random.uniform() < .5;
  const double step = side / crop_px;
  ImageWarp warp;
  warp.scale = {mirrored ? -step : step, step};
  warp.offset = {mirrored ? left + side - step / 2 : left + step / 2, top + step / 2};
  return warp;
}

ColorJitter drawColorJitter(Random& random, double strength) {
  const auto around1 = [&](double by) { return static_cast<float>(random.uniform(1 - by, 1 + by)); };
  ColorJitter jitter;
  jitter.brightness = around1(strength);
  jitter.contrast = around1(strength);
  jitter.saturation = around1(strength);
  for (int c = 0; c < 3; ++c) jitter.gain[c] = around1(strength / 5);
  return jitter;
}

void renderCrop(
    const RgbImage& frame, const ImageWarp& warp, const ColorJitter& jitter, int crop_px, std::span<float> result) {
  const auto area = static_cast<std::size_t>(crop_px) * static_cast<std::size_t>(crop_px);
  if (frame.channels != 3 || frame.empty() || result.size() != 3 * area) {
    throw std::logic_error("renderCrop: not a colour image, or a result of another size");
  }
  std::size_t at = 0;
  for (int y = 0; y < crop_px; ++y) {
    const Between row = between(warp.scale.y() * y + warp.offset.y(), frame.height);
    for (int x = 0; x < crop_px; ++x, ++at) {
      const Between column = between(warp.scale.x() * x + warp.offset.x(), frame.width);
      for (int c = 0; c < 3; ++c) {
        const auto mix = [&](int line) {
          return (1 - column.share) * frame.at(column.first, line, c) + column.share * frame.at(column.second, line, c);
        };
        result[static_cast<std::size_t>(c) * area + at] =
            ((1 - row.share) * mix(row.first) + row.share * mix(row.second)) / 255.F;
      }
    }
  }
  jitterColors(jitter, result);
  normalise(result);
}

void normaliseImage(const RgbImage& frame, std::span<float> result) {
  const auto area = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height);
  if (frame.channels != 3 || result.size() != 3 * area) {
    throw std::logic_error("normaliseImage: not a colour image, or a result of another size");
  }
  for (std::size_t i = 0; i < area; ++i) {
    for (std::size_t c = 0; c < 3; ++c) result[c * area + i] = static_cast<float>(frame.pixels[3 * i + c]) / 255.F;
  }
  normalise(result);
}

CloudWarp drawCloudWarp(Random& random, double rotate_max_deg, bool flip) {
  const double angle_rad = random.uniform(-rotate_max_deg, rotate_max_deg) * std::numbers::pi / 180;
  Eigen::Vector3f mirror(1, 1, 1);
  if (flip && random.uniform() < .5) mirror.x() = -1;
  if (flip && random.uniform() < .5) mirror.y() = -1;
  CloudWarp warp;
  warp.world_from_world = mirror.asDiagonal() *
                          Eigen::AngleAxisf(static_cast<float>(angle_rad), Eigen::Vector3f::UnitZ()).toRotationMatrix();
  const auto brightness = static_cast<float>(random.uniform(.8, 1.2));
  for (int c = 0; c < 3; ++c) warp.gain[c] = brightness * static_cast<float>(random.uniform(.95, 1.05));
  return warp;
}

}  // namespace tagscape
