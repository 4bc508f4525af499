#pragma once

#include "core/geometry/frame_probe.h"

#include <QString>

namespace tagscape {

/// What the depth test says of a point, in the user's language, as in legends: "visible", "occluded", "outside the
/// image", …
[[nodiscard]] QString visibilityText(Visibility visibility);
/// The same with how far it is from the measured surface, where that decides: "occluded by 12 cm".
[[nodiscard]] QString visibilityText(const PointVisibility& visibility);

}  // namespace tagscape
