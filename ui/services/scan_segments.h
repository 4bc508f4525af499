#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tagscape {

/// The pieces that a scan is divided into.
struct ScanSegments {
  enum class Source {
    Scan,     ///< The scan's own file.
    Surface,  ///< Computed from its triangles.
    Points,   ///< Computed from its points, as it has no triangles.
  };
  std::vector<std::uint32_t> of_point;  ///< [N] segment of every point.
  Source source = Source::Points;
  std::optional<SceneWarning> problem;  ///< Why the scan's own file was not used, with the place and a remedy.
};

/// ScanNet's own segments (_vh_clean_2.0.010000.segs.json) where the scan has them and they fit its points; else those
/// of segmentSurface(), or of segmentPoints() for a cloud without triangles. A file that cannot be used is told in
/// `problem`. Errors: Cancelled. Cost: one pass over the file, or that of the function that computes them. Only
/// segmentPoints() reports progress and can be stopped. Safe from any thread.
[[nodiscard]] Result<ScanSegments> segmentsOf(const Scene& scene, const Job& job);

}  // namespace tagscape
