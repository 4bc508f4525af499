#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tagscape {

/// Where the superpoints of a scene come from.
enum class SuperpointSource : std::uint8_t {
  Computed,  ///< From the scene's points: what training learns from.
  ScanFile,  ///< The scan's own segments, ScanNet's _vh_clean_2.0.010000.segs.json.
};

/// The superpoints of a scene: pieces of its surface that are taken to belong to one object.
struct SceneSuperpoints {
  std::vector<std::uint32_t> of_point;  ///< [N] superpoint of every point.
  SuperpointSource source = SuperpointSource::Computed;
  std::optional<SceneWarning> problem;  ///< Why the scan's own file was not used, with the place and a remedy.
};

/// The one place that decides what the superpoints of a scene are; training and the window both ask here.
///
/// @param wanted  ScanFile: computed ones all the same where the scan has no such file or it does not fit the scene's
///                points; in the latter case `problem` says why.
/// @return computed superpoints are numbered from 0 without gaps and the same for the same points on every machine; a
///         point that is not finite is one of its own. Those of a file have the numbers of the file.
/// Errors: Cancelled. Cost: that of pointSuperpoints(), or one pass over the file. Safe to call from any thread.
[[nodiscard]] Result<SceneSuperpoints> sceneSuperpoints(const Scene& scene, SuperpointSource wanted, const Job& job);

}  // namespace tagscape
