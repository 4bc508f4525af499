#pragma once

#include "core/base/random.h"
#include "core/scene/camera.h"
#include "core/scene/image.h"
#include "core/scene/tags.h"
#include "core/synth/ray_caster.h"
#include "core/synth/room.h"

namespace tagscape::synth {

/// What light there is and what the imagined camera gets wrong. All zero: a perfect sensor in even light.
struct SensorOptions {
  double depth_noise_m = .006;  ///< Standard deviation of depth at 2 m; grows with the square of the distance.
  double depth_step_mm = 1;   ///< Depths are multiples of it at 2 m; grows with the square of the distance. At least 1.
  double color_noise = .015;  ///< Standard deviation of a colour channel of 0 … 1.
  double blur_px = .4;        ///< Standard deviation of the blur of colours.
  double exposure = .12;      ///< A frame is up to this share brighter or darker than the mean.
  double light = 1;           ///< How much a surface's brightness depends on its direction; 0: not at all.
  double holes = 1;           ///< How much depth is lost at edges, on slanted surfaces and in spots; 0: none.
  double max_depth_m = 6;     ///< Farther surfaces give no depth.
};

/// One frame as a sensor would have recorded it, and the truth of every pixel.
struct RenderedFrame {
  RgbImage color;
  RawDepthImage depth_mm;       ///< 0 = no depth.
  Image<std::uint16_t> object;  ///< 1 + row of Model::objects of what the pixel shows; 0 where the ray leaves the room.
};

/// The tags an annotator would give the frame: the classes that cover more than 1.5 % of its pixels.
[[nodiscard]] TagSet tagsOf(const RenderedFrame& frame, const Model& model);

/// Renders a frame with Lambert's law under one distant light, then adds what a sensor adds: blur, exposure and white
/// balance of its own, noise, depth holes. `random` is this frame's own stream. One ray a pixel. Safe to call from
/// several threads at once.
[[nodiscard]] RenderedFrame renderFrame(const Room& room,
                                        const RayCaster& caster,
                                        const Intrinsics& intrinsics,
                                        const Pose& world_from_camera,
                                        const SensorOptions& sensor,
                                        Random random);

}  // namespace tagscape::synth
