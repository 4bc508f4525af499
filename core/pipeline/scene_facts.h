#pragma once

#include "core/scene/scene.h"

#include <Eigen/Geometry>

#include <optional>
#include <string>
#include <string_view>

namespace tagscape {

/// Facts about a scene's points that need no frames.
struct SceneFacts {
  /// Of the points, in the coordinates of the scan's files (offset added), m. Empty for a scene without points.
  std::optional<Eigen::AlignedBox3d> bounds_m;
  bool has_color = false;
  bool has_normals = false;
  /// The unit that coordinates seem to be in, where a room would be too large in metres: "millimetres", "centimetres".
  std::string_view units_guess;
};

/// Cost: one pass over the points.
[[nodiscard]] SceneFacts findFacts(const Scene& scene);

/// The unit that a length seems to be in, if it is the diagonal of a room: empty for metres, below 200; centimetres up
/// to 2,000; else millimetres. Rooms and flats measure 2 to 60 m.
[[nodiscard]] std::string_view guessUnits(double diagonal);

}  // namespace tagscape
