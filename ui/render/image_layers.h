#pragma once

#include "core/scene/cams.h"
#include "core/scene/image.h"
#include "core/scene/palette.h"
#include "core/scene/tags.h"

#include <QImage>

#include <span>

namespace tagscape {

/// Conversions of core images to QImages of the same size. All functions are thread-safe.
[[nodiscard]] QImage toQImage(const RgbImage& image);

/// Heat map colours where a value is above 0 and at least `threshold`, transparent elsewhere and for NaN.
[[nodiscard]] QImage heatPicture(const Image<float>& values,
                                 float threshold,
                                 HeatMap map = HeatMap::Viridis,
                                 const HeatRange& range = {});

/// Depth as heat map colours, from its first to its last percentile; black where there is none.
[[nodiscard]] QImage depthPicture(const DepthImage& depth, HeatMap map);

/// One class of a 2D CAM, bilinearly resampled from cells to `width` x `height` pixels (cell centres as in FrameCams).
[[nodiscard]] Image<float> enlargeCam(const FrameCams& cams, int class_index, int width, int height);

/// reasonColor of each pixel's Visibility, transparent at 255.
[[nodiscard]] QImage reasonPicture(const Image<std::uint8_t>& reasons);

/// The colour of each pixel's class, transparent without a class or with a hidden one.
[[nodiscard]] QImage classPicture(const Image<std::uint8_t>& labels,
                                  ClassPalette palette = ClassPalette::ScanNet,
                                  const TagSet& hidden = {});

/// The same in any colours, one a class; transparent for what has none of them.
[[nodiscard]] QImage labelPicture(const Image<std::uint8_t>& labels, std::span<const Color8> colors);

/// The class with the largest CAM value of each cell, resampled to an image; kNoClass where no value is above 0 and at
/// least `threshold`. These are the pseudo-labels of pixels in training.
[[nodiscard]] Image<std::uint8_t> pseudoLabels(const FrameCams& cams, float threshold, int width, int height);

}  // namespace tagscape
