#pragma once

#include "core/scene/cams.h"
#include "core/scene/scene.h"

#include <memory>

namespace tagscape::testing {

inline constexpr int kFloorClass = 1;
inline constexpr int kChairClass = 4;

/// A floor (z = 0, 2 m x 2 m) and a standing patch (y = 0.5, 0.6 m x 0.6 m, "chair"), both grids of 2 cm, the
/// floor with triangles, seen by four
/// cameras from y = -2. Frame k shows the colour of frameColor(k) everywhere and the true depth; the third frame's
/// colour image is broken, the fourth has no pose.
[[nodiscard]] SharedScene patchScene();
/// Another scene: the floor only, 0.5 m x 0.5 m, one frame.
[[nodiscard]] SharedScene smallScene();

[[nodiscard]] Rgb8 frameColor(std::size_t frame_index);

/// CAMs of patchScene: 1 on the points of its own class, 0 elsewhere; in 2D the chair's left half of the cells is 1.
[[nodiscard]] std::shared_ptr<const SceneCams> patchCams(const Scene& scene);

/// The middle of the patch, and a point on the floor before it, m, world frame.
[[nodiscard]] Eigen::Vector3f chairPoint();
[[nodiscard]] Eigen::Vector3f floorPoint();

}  // namespace tagscape::testing
