#include "core/scans/scan_layout.h"

#include "core/base/files.h"
#include "core/clouds/point_file.h"

#include <array>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

fs::path ifThere(const fs::path& path) {
  std::error_code code;
  return fs::exists(path, code) ? path : fs::path();
}

ScanKind kindOf(FrameNaming naming) {
  if (naming == FrameNaming::Frames25k) return ScanKind::Frames25k;
  if (naming == FrameNaming::PosedImages) return ScanKind::PosedImages;
  return ScanKind::FrameFolder;
}

void describeScene(ScanLayout& layout) {
  const auto& files = layout.files;
  layout.parts = {{"frames (.sens)", files.sens},
                  {"frames (folder)", files.frames},
                  {"mesh", files.mesh},
                  {"labels of vertices", files.labels},
                  {"segments", files.segments},
                  {"categories of segments", files.aggregation},
                  {"axis alignment", files.text},
                  {"labels of pixels", files.label_zip},
                  {"tags", ifThere(files.folder / "tags.json")},
                  {"label table", findLabelMap(files.folder).value_or(fs::path())}};
}

void describeFrames(ScanLayout& layout) {
  const fs::path& path = layout.path;
  const fs::path filtered = ifThere(path / "label-filt");
  const bool posed = layout.kind == ScanKind::PosedImages;
  layout.parts = {{"colour images", posed ? path : ifThere(path / "color")},
                  {"depth maps", posed ? path : ifThere(path / "depth")},
                  {"poses", posed ? path : ifThere(path / "pose")},
                  {"mesh", layout.files.mesh},
                  {"labels of vertices", layout.files.labels},
                  {"labels of pixels", filtered.empty() ? ifThere(path / "label") : filtered},
                  {"tags", ifThere(path / "tags.json")}};
}

/// The scene of the same name in scans/ or scans_test/ of the data set that a folder of frames belongs to.
ScanNetFiles sceneBeside(const fs::path& folder) {
  std::error_code code;
  const fs::path place = fs::weakly_canonical(folder, code);
  for (const char* part : {"scans", "scans_test"}) {
    auto files = findScanNetFiles(place.parent_path().parent_path() / part / place.filename());
    if (!files) continue;
    files->sens.clear();  // the person chose these frames
    files->label_zip.clear();
    files->frames = folder;
    return *files;
  }
  return {};
}

std::shared_ptr<const LabelMap> mapFor(const fs::path& folder) {
  const auto path = findLabelMap(folder);
  auto map = path ? LabelMap::read(*path) : Result<LabelMap>(fail(ErrorCode::NotFound, "no table"));
  return map ? std::make_shared<const LabelMap>(std::move(*map)) : nullptr;
}

Result<Scene> readPoints(const fs::path& path) {
  TAGSCAPE_ASSIGN(auto mesh, readPointFile(path));
  Scene scene;
  nameScene(path, scene);
  scene.name = scene.path.stem().string();
  scene.mesh = std::move(mesh);
  return scene;
}

Result<Scene> readFrames(const ScanLayout& layout, const ReadOptions& options) {
  if (layout.files.id.empty()) return readFrameFolder(layout.path, {options.label_ids, mapFor(layout.path)});
  TAGSCAPE_ASSIGN(auto scene, readScanNetScene(layout.files, {options.use_cache, {options.label_ids, nullptr}}));
  nameScene(layout.path, scene);
  return scene;
}

tl::unexpected<Error> refuseUnknown(const fs::path& path) {
  std::error_code code;
  if (fs::status(path, code).type() == fs::file_type::not_found)
    return failFile(ErrorCode::NotFound, path, "no such file or folder", "Check the path");
  if (!code && !fs::is_directory(path, code)) {
    const auto refusal = readPointFile(path);
    if (!refusal) return fail(refusal.error());
  }
  if (const Status readable = checkReadableFolder(path); !readable) return fail(readable.error());
  return failFile(ErrorCode::InvalidInput,
                  path,
                  "not a scan: it has no color/, depth/ and pose/ folders, no .sens file and no _vh_clean_2.ply",
                  "Name a folder of exported frames (color/K.jpg, depth/K.png, pose/K.txt, "
                  "intrinsic/intrinsic_*.txt), a ScanNet scene, or a mesh or point cloud file");
}

}  // namespace

ScanLayout detectLayout(const fs::path& path) {
  ScanLayout layout;
  layout.path = path;
  std::error_code code;
  if (fs::is_regular_file(path, code)) {
    if (path.extension() == ".sens") layout.kind = ScanKind::SensFile;
    if (isPointFile(path)) layout.kind = ScanKind::PointFile;
    if (layout.kind != ScanKind::Unknown)
      layout.parts = {{layout.kind == ScanKind::SensFile ? "frames (.sens)" : "mesh", path}};
  } else if (auto files = findScanNetFiles(path)) {
    layout.kind = ScanKind::ScanNetScene;
    layout.files = std::move(*files);
    describeScene(layout);
  } else if (const auto naming = frameNamingOf(path)) {
    layout.kind = kindOf(*naming);
    if (*naming != FrameNaming::Exported) layout.files = sceneBeside(path);
    describeFrames(layout);
  }
  return layout;
}

std::string_view nameOf(ScanKind kind) {
  constexpr std::array<std::string_view, 7> kNames{"unknown",
                                                   "ScanNet scene",
                                                   ".sens recording",
                                                   "exported frames",
                                                   "scannet_frames_25k scene",
                                                   "posed_images scene",
                                                   "point cloud or mesh"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<Scene> readScan(const fs::path& path, const ReadOptions& options) {
  const ScanLayout layout = detectLayout(path);
  switch (layout.kind) {
    case ScanKind::ScanNetScene:
      return readScanNetScene(layout.files, {options.use_cache, {options.label_ids, nullptr}});
    case ScanKind::SensFile:
      return readSensScene(path, options.use_cache, nullptr);
    case ScanKind::FrameFolder:
    case ScanKind::Frames25k:
    case ScanKind::PosedImages:
      return readFrames(layout, options);
    case ScanKind::PointFile:
      return readPoints(path);
    case ScanKind::Unknown:
      break;
  }
  return refuseUnknown(path);
}

}  // namespace tagscape
