#pragma once

#include "core/base/job.h"
#include "core/scene/scene.h"

namespace tagscape {

struct FuseOptions {
  double voxel_m = 0.02;       ///< Edge of a TSDF voxel; points come about this far apart.
  double truncation_m = 0.08;  ///< Signed distances are cut here.
  double max_depth_m = 5.0;    ///< Farther measurements are left out: their error grows with the square.
};

struct FuseReport {
  Mesh mesh;
  int num_fused = 0;                  ///< Frames that took part.
  std::vector<SceneWarning> skipped;  ///< Frames that could not, and why.
};

/// Fuses the frames that have colour, depth and pose into one coloured surface with normals (world frame, metres).
///
/// Errors: InvalidInput if no frame is usable, a size is not positive, or the frames span more space than fits in
/// memory at this voxel size; Cancelled.
/// Source: Curless & Levoy 1996; Open3D's ScalableTSDFVolume.
[[nodiscard]] Result<FuseReport> fuseFrames(const Scene& scene, const FuseOptions& options, const Job& job);

}  // namespace tagscape
