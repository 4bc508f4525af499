#pragma once

#include "core/base/job.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/synth/frame_renderer.h"
#include "core/synth/surface_mesh.h"

#include <span>

namespace tagscape::synth {

/// The room's surface as a real scan has it: depth maps and colours of the views, with all that the sensor gets wrong,
/// fused by the program's own fuseFrames, so that shapes and colours mix where objects touch. Each vertex belongs to
/// the object whose true surface is nearest.
/// @param edge_m  about how far apart vertices come: the voxel size.
/// Errors: those of fuseFrames; Cancelled. Cost: one rendered frame for each view.
[[nodiscard]] Result<SurfaceMesh> fuseSurface(const Room& room,
                                              const RayCaster& caster,
                                              std::span<const Pose> views,
                                              const Intrinsics& camera,
                                              const SensorOptions& sensor,
                                              double edge_m,
                                              const Random& random,
                                              const Job& job);

}  // namespace tagscape::synth
