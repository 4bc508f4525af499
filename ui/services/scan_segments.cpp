#include "ui/services/scan_segments.h"

#include "core/geometry/segment_points.h"
#include "core/geometry/segment_surface.h"
#include "core/scans/scan_layout.h"
#include "core/scans/scannet_labels.h"

#include <algorithm>
#include <string>

namespace tagscape {
namespace {

Result<std::vector<std::uint32_t>> readOwn(const std::filesystem::path& file, std::size_t num_points) {
  TAGSCAPE_ASSIGN(const auto read, readSegments(file));
  if (read.size() != num_points) {
    return failFile(ErrorCode::InvalidInput,
                    file,
                    "it has segments of " + std::to_string(read.size()) + " vertices, but the scan has " +
                        std::to_string(num_points) + " points; computed segments are shown",
                    "Download mesh and segments of the same scene again");
  }
  std::vector<std::uint32_t> segments(read.size());
  std::transform(read.begin(), read.end(), segments.begin(), [](std::int64_t segment) {
    return static_cast<std::uint32_t>(segment);
  });
  return segments;
}

}  // namespace

Result<ScanSegments> segmentsOf(const Scene& scene, const Job& job) {
  ScanSegments segments;
  if (const auto file = detectLayout(scene.path).files.segments; !file.empty()) {
    if (auto own = readOwn(file, scene.points().size())) {
      segments.of_point = std::move(*own);
      segments.source = ScanSegments::Source::Scan;
      return segments;
    } else {
      segments.problem = SceneWarning{file, own.error().message};
    }
  }
  if (!scene.mesh.triangles.empty()) {
    segments.of_point = segmentSurface(scene.mesh);
    segments.source = ScanSegments::Source::Surface;
    return segments;
  }
  TAGSCAPE_ASSIGN(segments.of_point, segmentPoints(scene.points(), {}, job));
  return segments;
}

}  // namespace tagscape
