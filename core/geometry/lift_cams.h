#pragma once

#include "core/base/job.h"
#include "core/geometry/reference_depth.h"
#include "core/geometry/visibility.h"
#include "core/scene/cams.h"
#include "core/scene/scene.h"

#include <array>
#include <cstdint>
#include <vector>

namespace tagscape {

/// What the image network attends to, carried to the points.
struct LiftedCams {
  /// By class: [N] mean over the frames that see a point of the 2D CAM there, 0 … 1, NaN where no frame sees it. Empty
  /// for classes that were not requested.
  std::array<std::vector<float>, kNumClasses> values;
  std::vector<std::uint16_t> num_views;  ///< [N] frames that see the point, at most 65535.
  std::size_t num_frames = 0;            ///< Frames that took part.
};

/// Lifts the 2D CAMs of all frames that have some to the points of the scene. A frame sees a point if the depth test
/// says Visible; its CAM is interpolated between the centres of its cells, as where it is laid over the image.
///
/// Frames without pose or without the depth that `depth` asks for take no part.
/// @param classes  which to lift; each costs N floats.
/// Errors: InvalidInput if no frame of the CAMs is one of the scene's or all lack what is needed; Cancelled.
/// Cost: O(frames x N). Reports progress by frames. Safe to call from any thread.
[[nodiscard]] Result<LiftedCams> liftCams(const Scene& scene,
                                          const SceneCams& cams,
                                          const TagSet& classes,
                                          ReferenceDepth& depth,
                                          const DepthTolerance& tolerance,
                                          const Job& job);

}  // namespace tagscape
