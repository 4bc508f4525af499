#pragma once

#include "core/base/random.h"
#include "core/scene/image.h"

#include <Eigen/Core>

#include <cstdint>
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

/// The frame resized so that its longer side has long_side_min … long_side_max pixels, mirrored half of the time if
/// `flip`, then a crop of crop_px: anywhere inside, or with the image anywhere inside it where the image is smaller.
/// Source: Kweon & Yoon, NeurIPS 2022, supplement; the order (resize, mirror, crop) is that of the public code of
/// OC-CSE.
[[nodiscard]] ImageWarp drawResizeWarp(
    Random& random, int width, int height, int crop_px, int long_side_min, int long_side_max, bool flip);

/// Brightness, contrast and saturation, then a gain for each channel and a turn of the hue.
struct ColorJitter {
  float brightness = 1, contrast = 1, saturation = 1;
  Eigen::Vector3f gain{1, 1, 1};
  float hue = 0;  ///< Share of the circle.
};
/// Each of the first three within 1 ± strength, the gains within 1 ± strength / 5, the hue within ± hue_strength. With
/// a hue there are no gains: then it is the jitter of the field.
[[nodiscard]] ColorJitter drawColorJitter(Random& random, double strength, double hue_strength = 0);

/// How a network wants colours: (value - mean) / deviation of red, green and blue in 0 … 1.
struct ColorScale {
  Eigen::Vector3f mean{.45F, .45F, .45F};
  Eigen::Vector3f deviation{.25F, .25F, .25F};
};
/// Of PSA, SEAM and OC-CSE, with whose weights ResNet38 begins.
[[nodiscard]] ColorScale imageNetColors();

/// The crop as a network takes it: bilinear, jittered, scaled. Contrast mixes with the mean of what the crop shows of
/// the frame. Where the crop reaches beyond the frame it takes the border's colours, or 0 (after scaling) with
/// `zero_outside`.
/// @param result [3, crop_px, crop_px].
void renderCrop(const RgbImage& frame,
                const ImageWarp& warp,
                const ColorJitter& jitter,
                const ColorScale& scale,
                int crop_px,
                bool zero_outside,
                std::span<float> result);

/// The labels of the crop, nearest pixel; kNoClass beyond the frame. @param result [crop_px, crop_px].
void renderLabelCrop(const Image<std::uint8_t>& labels,
                     const ImageWarp& warp,
                     int crop_px,
                     std::span<std::int64_t> result);

/// The whole frame as a network takes it, unchanged. @param result [3, height, width].
void normaliseImage(const RgbImage& frame, const ColorScale& scale, std::span<float> result);

/// Turns a cloud about the up axis, may mirror it along x and y, and changes its colours.
struct CloudWarp {
  Eigen::Matrix3f world_from_world = Eigen::Matrix3f::Identity();  ///< Augmented from true coordinates.
  Eigen::Vector3f gain{1, 1, 1};                                   ///< Of the colours.
};
[[nodiscard]] CloudWarp drawCloudWarp(Random& random, double rotate_max_deg, bool flip);

}  // namespace tagscape
