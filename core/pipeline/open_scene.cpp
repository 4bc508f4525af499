#include "core/pipeline/open_scene.h"

#include "core/base/log.h"
#include "core/layouts/scan_layout.h"
#include "core/pipeline/mesh_cache.h"
#include "core/pipeline/reading_remedy.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace {

Result<Scene> readParts(const std::filesystem::path& path, const OpenOptions& options, const Job& job) {
  TAGSCAPE_TRY(job.checkStop("Opening"));
  job.report("Reading frames", 0, 0, path.filename().string());
  return readScan(
      path, {.use_cache = options.use_cache, .prefers_frames_25k = options.prefers_frames_25k, .given = options.given});
}

/// Whether a mesh has to be made, and there is something to make it of.
bool needsFusing(const Scene& scene) {
  return scene.mesh.vertices.size() == 0 &&
         std::any_of(scene.frames.begin(), scene.frames.end(), [](const Frame& frame) { return frame.has_depth; });
}

void take(FusedMesh fused, Scene& scene) {
  scene.mesh = std::move(fused.mesh);
  scene.warnings.insert(scene.warnings.end(), fused.skipped.begin(), fused.skipped.end());
}

/// A wrong reading of poses or depth gives a wrong room; that is told before anybody wonders.
void warnOfReading(const std::optional<ReadingRemedy>& remedy, Scene& scene) {
  if (!remedy) return;
  scene.warnings.push_back({scene.path,
                            fmt::format("{}: {}; depth maps agree with each other far better with {}",
                                        scene.path.string(),
                                        remedy->what,
                                        remedy->option)});
}

Status fuseInto(Scene& scene, const OpenOptions& options, const Job& job) {
  TAGSCAPE_ASSIGN(auto report, fuseFrames(scene, options.fuse, job));
  scene.mesh = std::move(report.mesh);
  scene.warnings.insert(scene.warnings.end(), report.skipped.begin(), report.skipped.end());
  if (!options.use_cache) return {};
  if (const auto kept = writeFusedMesh(fusedMeshFile(scene, options.fuse, options.given), scene.mesh, report.skipped);
      !kept) {
    log::warn("The fused mesh is not kept for the next start. " + kept.error().message);
  }
  return {};
}

}  // namespace

Result<SharedScene> openScene(const std::filesystem::path& path, const OpenOptions& options, const Job& job) {
  TAGSCAPE_ASSIGN(Scene scene, readParts(path, options, job));
  if (needsFusing(scene)) {
    const auto remedy = findReadingRemedy(scene, job);
    warnOfReading(remedy, scene);
    auto cached = options.use_cache ? readFusedMesh(fusedMeshFile(scene, options.fuse, options.given)) : std::nullopt;
    if (cached) {
      take(std::move(*cached), scene);
    } else {
      const Status fused = fuseInto(scene, options, job);
      // Where depth of other units lies beyond what is fused, the units are what has to be told.
      if (!fused && remedy && fused.error().code == ErrorCode::InvalidInput)
        return failFile(ErrorCode::InvalidInput, scene.path, remedy->what, "Open it with " + remedy->option);
      if (!fused) return fail(fused.error());
    }
  }
  return std::make_shared<const Scene>(std::move(scene));
}

Result<SharedScene> peekScene(const std::filesystem::path& path, const OpenOptions& options) {
  TAGSCAPE_ASSIGN(Scene scene, readParts(path, options, {}));
  if (options.use_cache && needsFusing(scene)) {
    if (auto cached = readFusedMesh(fusedMeshFile(scene, options.fuse, options.given))) take(std::move(*cached), scene);
  }
  return std::make_shared<const Scene>(std::move(scene));
}

std::optional<DataSet> findDataSet(const std::filesystem::path& path) {
  constexpr std::size_t kMaxTried = 8;
  const auto linkFree = [](const std::filesystem::path& from) {
    std::error_code code;
    auto found = std::filesystem::weakly_canonical(from, code);
    return code ? from : found;
  };
  std::error_code code;
  if (!std::filesystem::is_directory(path, code) || detectLayout(path).kind != ScanKind::Unknown) return std::nullopt;
  auto data_set = scanDataSet(linkFree(path));
  if (!data_set) return std::nullopt;
  auto& scenes = data_set->scenes;
  const auto last = scenes.begin() + static_cast<std::ptrdiff_t>(std::min(kMaxTried, scenes.size()));
  const auto is_scan = [](const DataSetScene& scene) { return detectLayout(scene.path).kind != ScanKind::Unknown; };
  if (std::none_of(scenes.begin(), last, is_scan)) return std::nullopt;
  for (auto& scene : scenes) scene.path = linkFree(scene.path);  // Scenes are often links to elsewhere.
  return std::move(*data_set);
}

}  // namespace tagscape
