#pragma once

#include "core/base/random.h"
#include "core/synth/model.h"

#include <Eigen/Core>

#include <vector>

namespace tagscape::synth {

/// A furnished room, floor at z = 0, its middle at the origin, without a ceiling (as people seldom scan one).
struct Room {
  Model model;
  Eigen::Vector3f size_m;                ///< Inner width, depth, height.
  std::vector<Eigen::Vector3f> focus_m;  ///< What a person who scans it looks at: one point per piece of furniture.
  Eigen::Vector3f towards_light;         ///< Unit length.
};

/// A living room with twelve classes: walls, floor, sofa, a table with chairs, cabinet, bookshelf, door, window,
/// curtain, pictures, a lamp. The same stream gives the same room. Furniture does not overlap.
[[nodiscard]] Room furnishLivingRoom(const Random& random);

}  // namespace tagscape::synth
