#pragma once

#include "core/base/random.h"
#include "core/scene/camera.h"
#include "core/synth/ray_caster.h"
#include "core/synth/room.h"

#include <vector>

namespace tagscape::synth {

/// The camera that a small hand-held scanner of this image size has: a horizontal view of 64 degrees.
[[nodiscard]] Intrinsics scannerIntrinsics(int width_px, int height_px);

/// The camera of an operator who walks around and films one piece of furniture after the other, neighbouring
/// frames overlapping; some views are close ones of the floor or of a wall, so that not every frame shows both. One
/// round of the room per 24 looks; with more frames than 36 the camera moves from look to look in small steps. Views
/// that are too near to a surface are avoided.
/// @return world_from_camera of every frame.
[[nodiscard]] std::vector<Pose> planScan(const Room& room,
                                         const RayCaster& caster,
                                         int num_frames,
                                         const Random& random);

}  // namespace tagscape::synth
