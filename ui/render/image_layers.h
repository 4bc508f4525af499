#pragma once

#include "core/scene/cams.h"
#include "core/scene/image.h"

#include <QImage>

namespace tagscape {

/// Core images as pictures of the same size. All are safe to call from any thread.
[[nodiscard]] QImage toQImage(const RgbImage& image);

/// viridis where a value is above 0 and at least `threshold`, transparent elsewhere (NaN included).
[[nodiscard]] QImage heatPicture(const Image<float>& values, float threshold);

/// One class of a 2D CAM, bilinearly enlarged from cells to `width` x `height` pixels (cell centres as in FrameCams).
[[nodiscard]] Image<float> enlargeCam(const FrameCams& cams, int class_index, int width, int height);

/// reasonColor of each pixel's Visibility, transparent at 255.
[[nodiscard]] QImage reasonPicture(const Image<std::uint8_t>& reasons);

/// The colour of each pixel's class, transparent where it has none.
[[nodiscard]] QImage classPicture(const Image<std::uint8_t>& labels);

}  // namespace tagscape
