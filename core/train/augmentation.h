#pragma once

#include "core/base/random.h"
#include "core/scene/image.h"

#include <Eigen/Core>

#include <span>

namespace tagscape {

/// Random changes of training images and clouds, without tensors. What was done to an image is kept, so that a point
/// projected into the unchanged frame is found in the changed one: points are always projected unchanged.

/// A crop, mirrored and resized: which place of the frame a place of the crop shows. Axis-aligned, exact to half-pixel
/// conventions (pixel centres at integers in both).
struct ImageWarp {
  Eigen::Vector2d scale{1, 1};   ///< Frame pixels per crop pixel; x is negative where the crop is mirrored.
  Eigen::Vector2d offset{0, 0};  ///< Frame pixel of crop pixel (0, 0).

  [[nodiscard]] Eigen::Vector2d frameFromCrop(const Eigen::Vector2d& crop) const {
    return scale.cwiseProduct(crop) + offset;
  }
  [[nodiscard]] Eigen::Vector2d cropFromFrame(const Eigen::Vector2d& frame) const {
    return (frame - offset).cwiseQuotient(scale);
  }
};

/// A square of scale_min … 1 of the frame's shorter side, anywhere in the frame, mirrored half of the time if `flip`.
[[nodiscard]] ImageWarp drawWarp(Random& random, int width, int height, int crop_px, double scale_min, bool flip);

/// Brightness, contrast and saturation, then a gain for each channel.
struct ColorJitter {
  float brightness = 1, contrast = 1, saturation = 1;
  Eigen::Vector3f gain{1, 1, 1};
};
/// Each of the first three within 1 ± strength, the gains within 1 ± strength / 5.
[[nodiscard]] ColorJitter drawColorJitter(Random& random, double strength);

/// The crop as a network takes it: bilinear, jittered, (value - .45) / .25 of colours in 0 … 1.
/// @param result [3, crop_px, crop_px].
void renderCrop(
    const RgbImage& frame, const ImageWarp& warp, const ColorJitter& jitter, int crop_px, std::span<float> result);

/// The whole frame as a network takes it, unchanged. @param result [3, height, width].
void normaliseImage(const RgbImage& frame, std::span<float> result);

/// Turns a cloud about the up axis, may mirror it along x and y, and changes its colours.
struct CloudWarp {
  Eigen::Matrix3f world_from_world = Eigen::Matrix3f::Identity();  ///< Augmented from true coordinates.
  Eigen::Vector3f gain{1, 1, 1};                                   ///< Of the colours.
};
[[nodiscard]] CloudWarp drawCloudWarp(Random& random, double rotate_max_deg, bool flip);

}  // namespace tagscape
