#include "core/dataset/augmentation.h"

#include "core/scene/class_catalog.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

namespace tagscape {
namespace {

/// A row or a column of bilinear sampling: the two neighbouring pixels and the weight of the second.
struct Between {
  int first = 0, second = 0;
  float fraction = 0;
};

Between between(double place, int size) {
  const double inside = std::clamp(place, 0.0, static_cast<double>(size - 1));
  const int first = static_cast<int>(inside);
  return {first, std::min(first + 1, size - 1), static_cast<float>(inside - first)};
}

/// Rotates the hue of a colour in 0 … 1 by a fraction of the circle, keeping its largest and smallest channel.
void turnHue(float& red, float& green, float& blue, float turn) {
  const float largest = std::max({red, green, blue}), smallest = std::min({red, green, blue});
  const float span = largest - smallest;
  if (span <= 0) return;
  float hue = largest == red     ? (green - blue) / span
              : largest == green ? 2 + (blue - red) / span
                                 : 4 + (red - green) / span;
  hue += 6 * turn;
  const auto channel = [&](float offset) {
    const float place = hue + offset - 6 * std::floor((hue + offset) / 6);
    return largest - span * std::clamp(std::min(place, 4 - place), 0.F, 1.F);
  };
  red = channel(5);
  green = channel(3);
  blue = channel(1);
}

/// Saturation mixes with the pixel's grey, contrast with the mean of what is shown.
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
      *channels[c] = std::clamp(((*channels[c] - grey) * jitter.saturation + grey) * jitter.gain[c], 0.F, 1.F);
    }
    if (jitter.hue != 0) turnHue(*channels[0], *channels[1], *channels[2], jitter.hue);
  }
}

void scaleColors(const ColorScale& scale, std::span<float> pixels) {
  const std::size_t area = pixels.size() / 3;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto channel = static_cast<Eigen::Index>(c);
    for (float& value : pixels.subspan(c * area, area)) {
      value = (value - scale.mean[channel]) / scale.deviation[channel];
    }
  }
}

/// Whether a coordinate lies on a pixel of a row or column of `size` pixels.
bool isInside(double place, int size) { return place >= -.5 && place < size - .5; }

}  // namespace

ColorScale imageNetColors() { return {{.485F, .456F, .406F}, {.229F, .224F, .225F}}; }

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

ImageWarp drawResizeWarp(
    Random& random, int width, int height, int crop_px, int long_side_min, int long_side_max, bool flip) {
  const auto long_side =
      long_side_min + static_cast<int>(random.below(static_cast<std::uint64_t>(long_side_max - long_side_min) + 1));
  const double ratio = static_cast<double>(long_side) / std::max(width, height);
  const Eigen::Vector2i frame_px(width, height);
  const bool mirrored = flip && random.uniform() < .5;
  ImageWarp warp;
  for (int axis = 0; axis < 2; ++axis) {
    const int resized = std::max(1, static_cast<int>(std::lround(frame_px[axis] * ratio)));
    const double step = static_cast<double>(frame_px[axis]) / resized;
    // Where the crop begins in the resized image; negative where the image lies inside the crop.
    const int room = std::abs(resized - crop_px);
    const auto drawn = static_cast<int>(random.below(static_cast<std::uint64_t>(room) + 1));
    const int begin = resized >= crop_px ? drawn : -drawn;
    const bool turned = mirrored && axis == 0;
    warp.scale[axis] = turned ? -step : step;
    warp.offset[axis] = ((turned ? resized - 1 - begin : begin) + .5) * step - .5;
  }
  return warp;
}

ColorJitter drawColorJitter(Random& random, double strength, double hue_strength) {
  const auto around1 = [&](double by) { return static_cast<float>(random.uniform(1 - by, 1 + by)); };
  ColorJitter jitter;
  jitter.brightness = around1(strength);
  jitter.contrast = around1(strength);
  jitter.saturation = around1(strength);
  if (hue_strength > 0) {
    jitter.hue = static_cast<float>(random.uniform(-hue_strength, hue_strength));
    return jitter;
  }
  for (int c = 0; c < 3; ++c) jitter.gain[c] = around1(strength / 5);
  return jitter;
}

void renderCrop(const RgbImage& frame,
                const ImageWarp& warp,
                const ColorJitter& jitter,
                const ColorScale& scale,
                int crop_px,
                bool zero_outside,
                std::span<float> result) {
  const auto side = static_cast<std::size_t>(crop_px);
  const std::size_t area = side * side;
  if (frame.channels != 3 || frame.empty() || result.size() != 3 * area) {
    throw std::logic_error("renderCrop: not a colour image, or a result of another size");
  }
  std::vector<Between> columns;
  for (int x = 0; x < crop_px; ++x) columns.push_back(between(warp.scale.x() * x + warp.offset.x(), frame.width));
  const auto row_bytes = static_cast<std::size_t>(frame.width) * 3;
  std::size_t at = 0;
  for (int y = 0; y < crop_px; ++y) {
    const Between row = between(warp.scale.y() * y + warp.offset.y(), frame.height);
    const std::uint8_t* const upper = &frame.pixels[static_cast<std::size_t>(row.first) * row_bytes];
    const std::uint8_t* const lower = &frame.pixels[static_cast<std::size_t>(row.second) * row_bytes];
    for (int x = 0; x < crop_px; ++x, ++at) {
      const Between& column = columns[static_cast<std::size_t>(x)];
      const std::uint8_t* const corners[4] = {
          upper + 3 * column.first, upper + 3 * column.second, lower + 3 * column.first, lower + 3 * column.second};
      for (std::size_t c = 0; c < 3; ++c) {
        const auto mix = [&](const std::uint8_t* left, const std::uint8_t* right) {
          return (1 - column.fraction) * static_cast<float>(left[c]) + column.fraction * static_cast<float>(right[c]);
        };
        result[c * area + at] =
            ((1 - row.fraction) * mix(corners[0], corners[1]) + row.fraction * mix(corners[2], corners[3])) / 255.F;
      }
    }
  }
  jitterColors(jitter, result);
  scaleColors(scale, result);
  if (!zero_outside) return;
  for (std::size_t y = 0; y < side; ++y) {
    const bool row_inside = isInside(warp.scale.y() * static_cast<double>(y) + warp.offset.y(), frame.height);
    for (std::size_t x = 0; x < side; ++x) {
      if (row_inside && isInside(warp.scale.x() * static_cast<double>(x) + warp.offset.x(), frame.width)) continue;
      for (std::size_t c = 0; c < 3; ++c) result[c * area + y * side + x] = 0;
    }
  }
}

void renderLabelCrop(const Image<std::uint8_t>& labels,
                     const ImageWarp& warp,
                     int crop_px,
                     std::span<std::int64_t> result) {
  const auto side = static_cast<std::size_t>(crop_px);
  if (labels.channels != 1 || labels.empty() || result.size() != side * side) {
    throw std::logic_error("renderLabelCrop: no label image, or a result of another size");
  }
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      const Eigen::Vector2d place = warp.frameFromCrop({static_cast<double>(x), static_cast<double>(y)});
      const bool inside = isInside(place.x(), labels.width) && isInside(place.y(), labels.height);
      result[y * side + x] =
          inside ? labels.at(static_cast<int>(std::lround(place.x())), static_cast<int>(std::lround(place.y())))
                 : kNoClass;
    }
  }
}

void normaliseImage(const RgbImage& frame, const ColorScale& scale, std::span<float> result) {
  const auto area = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height);
  if (frame.channels != 3 || result.size() != 3 * area) {
    throw std::logic_error("normaliseImage: not a colour image, or a result of another size");
  }
  for (std::size_t i = 0; i < area; ++i) {
    for (std::size_t c = 0; c < 3; ++c) result[c * area + i] = static_cast<float>(frame.pixels[3 * i + c]) / 255.F;
  }
  scaleColors(scale, result);
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
