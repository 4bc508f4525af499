#pragma once

#include "core/geometry/visibility.h"
#include "core/scene/image.h"

#include <span>

namespace tagscape {

/// The points' values as the frame sees them: an image in which every visible point fills the pixels around its own
/// (a disc as large as its spacing seen from there), nearer points over farther ones. NaN where no visible point falls.
///
/// @param values        one value per point (such as a CAM of one class).
/// @param width,height  size of the result; the visibility's pixels are scaled from `color` to it.
/// @param spacing_m     typical distance between neighbouring points.
[[nodiscard]] Image<float> projectValues(const VisibilityResult& visibility,
                                         std::span<const float> values,
                                         const Intrinsics& color,
                                         int width,
                                         int height,
                                         float spacing_m);

/// The same for the reasons of the visibility: an image of Visibility values, 255 where no point falls. All points in
/// view take part; where several meet, the nearest wins, so the picture shows what covers the view.
[[nodiscard]] Image<std::uint8_t> projectReasons(
    const VisibilityResult& visibility, const Intrinsics& color, int width, int height, float spacing_m);

}  // namespace tagscape
