#include "core/pipeline/scene_superpoints.h"

#include "core/geometry/point_superpoints.h"
#include "core/layouts/scan_layout.h"
#include "core/scans/scannet_labels.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace {

Result<std::vector<std::uint32_t>> readSegmentsOf(const Scene& scene, const std::filesystem::path& file) {
  TAGSCAPE_ASSIGN(const auto read, readSegments(file));
  if (read.size() != scene.points().size()) {
    return failFile(ErrorCode::InvalidInput,
                    file,
                    fmt::format("it has segments of {} vertices, but the scan has {} points; computed ones are shown",
                                read.size(),
                                scene.points().size()),
                    "Download mesh and segments of the same scene again");
  }
  std::vector<std::uint32_t> segments(read.size());
  std::transform(read.begin(), read.end(), segments.begin(), [](std::int64_t segment) {
    return static_cast<std::uint32_t>(segment);
  });
  return segments;
}

}  // namespace

Result<SceneSuperpoints> sceneSuperpoints(const Scene& scene, SuperpointSource wanted, const Job& job) {
  SceneSuperpoints superpoints;
  if (wanted == SuperpointSource::ScanFile) {
    if (const auto file = detectLayout(scene.path).files.segments; !file.empty()) {
      auto own = readSegmentsOf(scene, file);
      if (own) return SceneSuperpoints{std::move(*own), SuperpointSource::ScanFile, std::nullopt};
      superpoints.problem = SceneWarning{file, own.error().message};
    }
  }
  TAGSCAPE_ASSIGN(superpoints.of_point, pointSuperpoints(scene.points(), {}, job));
  return superpoints;
}

}  // namespace tagscape
