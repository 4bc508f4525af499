#pragma once

#include "core/geometry/visibility.h"
#include "core/scene/class_catalog.h"
#include "core/scene/point_cloud.h"

#include <QColor>

#include <array>
#include <span>

namespace tagscape {

/// Ten colours of viridis at 0, 1/9, …, 1, sRGB. Between them colours are mixed linearly, here and in points.vert.
/// Source: the viridis map of Smith & van der Walt (2015), public domain.
[[nodiscard]] std::span<const Rgb8, 10> viridisStops();

/// viridis at `value`, cut to 0 … 1.
[[nodiscard]] Rgb8 viridis(float value);

[[nodiscard]] QColor toQColor(const Rgb8& rgb);
[[nodiscard]] QColor classColor(int class_index);

/// A colour for each reason; distinguishable with the common kinds of colour blindness.
/// Source: Okabe & Ito, Color Universal Design (2008).
[[nodiscard]] Rgb8 reasonColor(Visibility reason);

}  // namespace tagscape
