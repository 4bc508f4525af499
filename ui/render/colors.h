#pragma once

#include "core/geometry/visibility.h"
#include "core/scene/class_catalog.h"
#include "core/scene/palette.h"
#include "core/scene/point_cloud.h"

#include <QColor>
#include <QString>

#include <array>
#include <span>

namespace tagscape {

/// heatStops and heatColor of viridis.
[[nodiscard]] std::span<const Rgb8, 10> viridisStops();
[[nodiscard]] Rgb8 viridis(float value);

[[nodiscard]] QColor toQColor(const Rgb8& rgb);
[[nodiscard]] QColor classColor(int class_index);

/// A colour for each visibility; distinguishable with the common kinds of colour blindness.
/// Source: Okabe & Ito, Color Universal Design (2008).
[[nodiscard]] Rgb8 reasonColor(Visibility reason);

/// Of correctly and wrongly predicted points.
inline constexpr Rgb8 kRightRgb{170, 190, 205};
inline constexpr Rgb8 kWrongRgb{213, 62, 40};

/// Of selected points, in all views.
inline constexpr QColor kSelectionColor(255, 214, 64);

/// One of 256 colours for superpoint `number`; consecutive numbers have very different colours.
[[nodiscard]] Rgb8 superpointColor(std::uint8_t number);

}  // namespace tagscape
