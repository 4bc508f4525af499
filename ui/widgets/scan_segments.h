#pragma once

#include "core/base/result.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tagscape {

/// The pieces that a scan's surface is divided into.
struct ScanSegments {
  std::vector<std::uint32_t> of_point;  ///< [N] segment of every point; empty for a cloud without a surface.
  bool is_of_scan = false;              ///< Read from the scan's own file rather than computed.
  std::optional<Error> problem;         ///< Why the scan's own file was not used, with the place and a remedy.
};

/// ScanNet's own segments (_vh_clean_2.0.010000.segs.json) where the scan has them and they fit its points, else those
/// of segmentSurface(). Never fails: a file that cannot be used is told in `problem`. Cost: one pass over the file, or
/// that of segmentSurface(). Safe from any thread.
[[nodiscard]] ScanSegments segmentsOf(const Scene& scene);

}  // namespace tagscape
