#pragma once

#include "core/base/random.h"
#include "core/scene/camera.h"
#include "core/synth/ray_caster.h"
#include "core/synth/room.h"

#include <vector>

namespace tagscape::synth {

/// A pinhole camera with a horizontal field of view of 64 degrees, as small hand-held scanners have.
[[nodiscard]] Intrinsics scannerIntrinsics(int width_px, int height_px);

/// The camera path of an operator who walks around a room and films one piece of furniture after the other.
/// Consecutive frames overlap; some views are close-ups of the floor or of a wall, so that not every frame shows both.
/// The camera circles the room once per 24 viewpoints; with more than 36 frames it moves between viewpoints in small
/// steps. Views too close to a surface are avoided.
/// @return world_from_camera of every frame.
[[nodiscard]] std::vector<Pose> planScan(const Room& room,
                                         const RayCaster& caster,
                                         int num_frames,
                                         const Random& random);

}  // namespace tagscape::synth
