#pragma once

#include "core/base/job.h"
#include "core/scans/conventions.h"
#include "core/scene/scene.h"

#include <optional>
#include <string>

namespace tagscape {

/// Another reading of a scan's frames that fits better.
struct ReadingRemedy {
  std::string what;    ///< "its poses look inverted (world to camera)".
  std::string option;  ///< That applies it: "--poses world-to-camera".
  Conventions given;   ///< The same; what is not set stays as the scan was read.
  double score_before = 0;
  double score_after = 0;  ///< See FrameConsistency::score.
};

/// Tries other readings of the frames: inverse poses, the other axes of cameras, both, other units of depth (of which a
/// scan may have any), the camera of the other images, and focal lengths twice and half as long. What fits is what
/// makes depth maps agree with each other, so it needs no mesh.
/// @return the reading that fits best, if it fits clearly better than the scan as it was read; nothing if none does, or
/// there are too few frames that see the same.
/// Cost: a dozen depth maps, and 50,000 projections for each of some 40 readings: well under a second.
[[nodiscard]] std::optional<ReadingRemedy> findReadingRemedy(const Scene& scene, const Job& job);

/// Which axis of the scan's world points up, by the mean of what is up in its cameras: "z", "-y" …; empty if that is
/// not clear. Scenes are z up.
[[nodiscard]] std::string upAxisOf(const Scene& scene);

}  // namespace tagscape
