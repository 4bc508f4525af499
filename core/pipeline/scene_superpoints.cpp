#include "core/pipeline/scene_superpoints.h"

#include "core/geometry/point_superpoints.h"
#include "core/layouts/scan_layout.h"
#include "core/scans/scannet_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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
  if (wanted == SuperpointSource::ShapeAndColor) {
    superpoints.source = wanted;
    TAGSCAPE_ASSIGN(superpoints.of_point, pointSuperpoints(scene.points(), {}, job));
    return superpoints;
  }
  TAGSCAPE_TRY(job.checkStop("dividing the scan"));
  if (scene.points().positions_m.empty()) return superpoints;
  TAGSCAPE_ASSIGN(const auto normals, vertexNormals(scene.mesh, job));
  const std::vector<SuperpointOptions> finest{superpointScales().front()};
  TAGSCAPE_ASSIGN(auto scales, superpointsAtScales(scene.mesh, normals, finest, job));
  superpoints.of_point = std::move(scales.front());
  return superpoints;
}

std::vector<SuperpointOptions> superpointScales() { return {{.01F, 20}, {.01F, 50}, {.02F, 20}, {.01F, 100}}; }

Result<std::vector<std::vector<std::uint32_t>>> superpointsAtScales(const Mesh& mesh,
                                                                    std::span<const Eigen::Vector3f> normals,
                                                                    std::span<const SuperpointOptions> scales,
                                                                    const Job& job) {
  if (mesh.triangles.empty()) return superpointsByNormals(mesh.vertices, normals, scales, job);
  return surfaceSuperpoints(mesh, scales);
}

}  // namespace tagscape
