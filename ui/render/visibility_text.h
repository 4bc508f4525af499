#pragma once

#include "core/geometry/frame_probe.h"

#include <QString>

namespace tagscape {

/// The result of the depth test in the user's language, as in legends: "visible", "occluded", "outside the image", …
[[nodiscard]] QString visibilityText(Visibility visibility);
/// The same with the distance to the measured surface where it is known: "occluded by 12 cm".
[[nodiscard]] QString visibilityText(const PointVisibility& visibility);

}  // namespace tagscape
