#include "core/pipeline/open_scene.h"

#include "core/base/log.h"
#include "core/io/frame_folder.h"
#include "core/pipeline/mesh_cache.h"

namespace tagscape {
namespace {

Result<Scene> readFrames(const std::filesystem::path& path, const Job& job) {
  TAGSCAPE_TRY(job.checkStop("Opening"));
  job.report("Reading frames", 0, 0, path.filename().string());
  return readFrameFolder(path);
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
  TAGSCAPE_ASSIGN(Scene scene, readFrames(path, job));
  auto cached = options.use_cache ? readFusedMesh(fusedMeshFile(scene, options.fuse)) : std::nullopt;
  if (cached) {
    scene.mesh = std::move(*cached);
  } else {
    TAGSCAPE_TRY(fuseInto(scene, options, job));
  }
  return std::make_shared<const Scene>(std::move(scene));
}

Result<SharedScene> peekScene(const std::filesystem::path& path, const OpenOptions& options) {
  TAGSCAPE_ASSIGN(Scene scene, readFrames(path, {}));
  if (options.use_cache) {
    if (auto cached = readFusedMesh(fusedMeshFile(scene, options.fuse))) scene.mesh = std::move(*cached);
  }
  return std::make_shared<const Scene>(std::move(scene));
}

}  // namespace tagscape
