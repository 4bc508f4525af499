#pragma once

#include "core/base/random.h"
#include "core/scene/image.h"

#include <Eigen/Core>

#include <cstdint>
#include <span>

namespace tagscape {

/// Random augmentation of training images and clouds, without tensors. Points are projected into the original frame;
/// the warp of an image maps their pixels to the crop.

/// The mapping between a crop, which may be mirrored and resized, and its frame. Axis-aligned; pixel centres are at
/// integers in both.
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

/// A random square crop whose side is scale_min … 1 times the frame's shorter side; with `flip`, half are mirrored.
[[nodiscard]] ImageWarp drawWarp(Random& random, int width, int height, int crop_px, double scale_min, bool flip);

/// The frame resized to a longer side of long_side_min … long_side_max pixels, half of the time mirrored if `flip`,
/// then cropped to crop_px at a random position: within the image, or around it where the image is smaller than the
/// crop. Source: Kweon & Yoon, NeurIPS 2022, supplement; the order (resize, mirror, crop) is that of OC-CSE's public
/// code.
[[nodiscard]] ImageWarp drawResizeWarp(
    Random& random, int width, int height, int crop_px, int long_side_min, int long_side_max, bool flip);

/// Changes of brightness, contrast and saturation, then a gain for each channel and a rotation of the hue.
struct ColorJitter {
  float brightness = 1, contrast = 1, saturation = 1;
  Eigen::Vector3f gain{1, 1, 1};
  float hue = 0;  ///< Rotation, as a fraction of the full circle.
};
/// Brightness, contrast and saturation within 1 ± strength, gains within 1 ± strength / 5, the hue within
/// ± hue_strength. With a positive hue_strength there are no gains (the usual colour jitter).
[[nodiscard]] ColorJitter drawColorJitter(Random& random, double strength, double hue_strength = 0);

/// The colour normalisation of a network's input: (value - mean) / deviation of red, green and blue in 0 … 1.
struct ColorScale {
  Eigen::Vector3f mean{.45F, .45F, .45F};
  Eigen::Vector3f deviation{.25F, .25F, .25F};
};
/// Mean and deviation of ImageNet, as PSA, SEAM and OC-CSE use them for ResNet38.
[[nodiscard]] ColorScale imageNetColors();

/// Renders a crop as network input: bilinear sampling, jitter, normalisation. Contrast is relative to the mean over the
/// part of the frame in the crop. Outside the frame pixels have the colours of its border, or, with `zero_outside`, the
/// value 0 after normalisation.
/// @param result [3, crop_px, crop_px].
void renderCrop(const RgbImage& frame,
                const ImageWarp& warp,
                const ColorJitter& jitter,
                const ColorScale& scale,
                int crop_px,
                bool zero_outside,
                std::span<float> result);

/// The labels of the crop by nearest neighbour; kNoClass outside the frame. @param result [crop_px, crop_px].
void renderLabelCrop(const Image<std::uint8_t>& labels,
                     const ImageWarp& warp,
                     int crop_px,
                     std::span<std::int64_t> result);

/// The whole frame as network input, without augmentation. @param result [3, height, width].
void normaliseImage(const RgbImage& frame, const ColorScale& scale, std::span<float> result);

/// A rotation about the up axis, mirroring along x and y, and a gain of the colours of a cloud.
struct CloudWarp {
  Eigen::Matrix3f world_from_world = Eigen::Matrix3f::Identity();  ///< From original to augmented coordinates.
  Eigen::Vector3f gain{1, 1, 1};                                   ///< Of the colours.
};
[[nodiscard]] CloudWarp drawCloudWarp(Random& random, double rotate_max_deg, bool flip);

}  // namespace tagscape
