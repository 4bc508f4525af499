#pragma once

#include "core/base/random.h"
#include "core/scene/camera.h"
#include "core/scene/image.h"
#include "core/synth/ray_caster.h"
#include "core/synth/room.h"

#include <vector>

namespace tagscape::synth {

/// What the imagined camera gets wrong.
struct SensorOptions {
  double depth_noise_m = 0.006;  ///< Standard deviation of depth at 2 m; grows with the square of the distance.
  double color_noise = 0.015;    ///< Standard deviation of a colour channel of 0 … 1.
  double max_depth_m = 6;        ///< Farther surfaces give no depth.
};

/// One frame as a sensor would have recorded it, and the truth of every pixel.
struct RenderedFrame {
  RgbImage color;
  RawDepthImage depth_mm;  ///< 0 = no depth: out of range, at edges, on grazing surfaces, in small holes.
  RawDepthImage nyu40;     ///< NYU40 class id of what the pixel shows; 0 where the ray leaves the room.
};

/// The camera that a small hand-held scanner of this image size has: a horizontal view of 64 degrees.
[[nodiscard]] Intrinsics scannerIntrinsics(int width_px, int height_px);

/// Where a person holds the camera who walks around and looks at one piece of furniture after the other, neighbouring
/// frames overlapping; some views are close ones of the floor or of a wall, so that not every frame shows both. One
/// round of the room per 24 frames. Views that are too near to a surface are avoided.
/// @return world_from_camera of every frame.
[[nodiscard]] std::vector<Pose> planScan(const Room& room,
                                         const RayCaster& caster,
                                         int num_frames,
                                         const Random& random);

/// Renders a frame with Lambert's law under one distant light, then adds what a sensor adds: exposure and white balance
/// of its own, noise, depth holes. `random` is this frame's own stream. Safe to call from several threads at once.
[[nodiscard]] RenderedFrame renderFrame(const Room& room,
                                        const RayCaster& caster,
                                        const Intrinsics& intrinsics,
                                        const Pose& world_from_camera,
                                        const SensorOptions& sensor,
                                        Random random);

}  // namespace tagscape::synth
