#include "core/pipeline/open_scene.h"

#include "core/base/log.h"
#include "core/io/scan_layout.h"
#include "core/pipeline/mesh_cache.h"

#include <algorithm>

namespace tagscape {
namespace {

Result<Scene> readParts(const std::filesystem::path& path, const OpenOptions& options, const Job& job) {
  TAGSCAPE_TRY(job.checkStop("Opening"));
  job.report("Reading frames", 0, 0, path.filename().string());
  return readScan(path, {.use_cache = options.use_cache});
}

/// Whether a mesh has to be made, and there is something to make it of.
bool needsFusing(const Scene& scene) {
  return scene.mesh.vertices.size() == 0 &&
         std::any_of(scene.frames.begin(), scene.frames.end(), [](const Frame& frame) { return frame.has_depth; });
}

Status fuseInto(Scene& scene, const OpenOptions& options, const Job& job) {
  TAGSCAPE_ASSIGN(auto report, fuseFrames(scene, options.fuse, job));
  scene.mesh = std::move(report.mesh);
  scene.warnings.insert(scene.warnings.end(), report.skipped.begin(), report.skipped.end());
  if (!options.use_cache) return {};
  if (const auto kept = writeFusedMesh(fusedMeshFile(scene, options.fuse), scene.mesh); !kept) {
    log::warn("The fused mesh is not kept for the next start. " + kept.error().message);
  }
  return {};
}

}  // namespace

Result<SharedScene> openScene(const std::filesystem::path& path, const OpenOptions& options, const Job& job) {
  TAGSCAPE_ASSIGN(Scene scene, readParts(path, options, job));
  if (needsFusing(scene)) {
    auto cached = options.use_cache ? readFusedMesh(fusedMeshFile(scene, options.fuse)) : std::nullopt;
    if (cached) {
      scene.mesh = std::move(*cached);
    } else {
      TAGSCAPE_TRY(fuseInto(scene, options, job));
    }
  }
  return std::make_shared<const Scene>(std::move(scene));
}

Result<SharedScene> peekScene(const std::filesystem::path& path, const OpenOptions& options) {
  TAGSCAPE_ASSIGN(Scene scene, readParts(path, options, {}));
  if (options.use_cache && needsFusing(scene)) {
    if (auto cached = readFusedMesh(fusedMeshFile(scene, options.fuse))) scene.mesh = std::move(*cached);
  }
  return std::make_shared<const Scene>(std::move(scene));
}

}  // namespace tagscape
