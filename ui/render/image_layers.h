#pragma once

#include "core/scene/cams.h"
#include "core/scene/image.h"
#include "core/scene/palette.h"
#include "core/scene/tags.h"

#include <QImage>

namespace tagscape {

/// Core images as pictures of the same size. All are safe to call from any thread.
[[nodiscard]] QImage toQImage(const RgbImage& image);

/// The heat map's colour where a value is above 0 and at least `threshold`, transparent elsewhere (NaN included).
[[nodiscard]] QImage heatPicture(const Image<float>& values,
                                 float threshold,
                                 HeatMap map = HeatMap::Viridis,
                                 const HeatRange& range = {});

/// Depth in metres as colours of the heat map, from the nearest to the farthest hundredth; black where there is none.
[[nodiscard]] QImage depthPicture(const DepthImage& depth, HeatMap map);

/// One class of a 2D CAM, bilinearly enlarged from cells to `width` x `height` pixels (cell centres as in FrameCams).
[[nodiscard]] Image<float> enlargeCam(const FrameCams& cams, int class_index, int width, int height);

/// reasonColor of each pixel's Visibility, transparent at 255.
[[nodiscard]] QImage reasonPicture(const Image<std::uint8_t>& reasons);

/// The colour of each pixel's class, transparent where it has none or a hidden one.
[[nodiscard]] QImage classPicture(const Image<std::uint8_t>& labels,
                                  ClassPalette palette = ClassPalette::ScanNet,
                                  const TagSet& hidden = {});

/// The class of each cell's largest value in a frame's CAMs, enlarged to an image; kNoClass where none reaches
/// `threshold` or is above 0. What training takes for the truth of a pixel.
[[nodiscard]] Image<std::uint8_t> pseudoLabels(const FrameCams& cams, float threshold, int width, int height);

}  // namespace tagscape
