#pragma once

#include "core/base/random.h"
#include "core/scene/camera.h"
#include "core/scene/image.h"
#include "core/scene/tags.h"
#include "core/synth/ray_caster.h"
#include "core/synth/room.h"

namespace tagscape::synth {

/// The light and the errors of the simulated RGB-D camera. All zero: a perfect sensor in uniform light.
struct SensorOptions {
  double depth_noise_m = .006;  ///< Standard deviation of depth at 2 m, growing with the square of the distance.
  double depth_step_mm = 1;     ///< Quantisation of depth at 2 m, growing with the square of the distance. At least 1.
  double color_noise = .015;    ///< Standard deviation of a colour channel of 0 … 1.
  double blur_px = .4;          ///< Standard deviation of the blur of colours.
  double exposure = .12;        ///< A frame is brighter or darker than the mean by up to this fraction.
  double light = 1;             ///< How much brightness depends on the direction of a surface; 0: not at all.
  double holes = 1;             ///< How much depth is lost at edges, on slanted surfaces and in spots; 0: none.
  double max_depth_m = 6;       ///< Farther surfaces give no depth.
  double motion_blur_px = 0;    ///< Longest line along which the camera's motion blurs colours; drawn for every frame.
};

/// A frame as recorded by the sensor, with the true object of every pixel.
struct RenderedFrame {
  RgbImage color;
  RawDepthImage depth_mm;       ///< 0 = no depth.
  Image<std::uint16_t> object;  ///< 1 + row of Model::objects of what the pixel shows; 0 where the ray leaves the room.
};

/// The tags that an annotator would give to the frame: the classes that cover more than 1.5 % of its pixels.
[[nodiscard]] TagSet tagsOf(const RenderedFrame& frame, const Model& model);

/// Renders a frame with Lambertian shading under one distant light, then applies the sensor's errors: blur, exposure,
/// white balance, noise and depth holes. `random` is the stream of this frame alone. Cost: one ray per pixel. Safe to
/// call from several threads at once.
[[nodiscard]] RenderedFrame renderFrame(const Room& room,
                                        const RayCaster& caster,
                                        const Intrinsics& intrinsics,
                                        const Pose& world_from_camera,
                                        const SensorOptions& sensor,
                                        Random random);

}  // namespace tagscape::synth
