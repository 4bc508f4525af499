#include "core/layouts/scan_layout.h"

#include "core/base/files.h"
#include "core/clouds/point_file.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/layout_table.h"
#include "core/scans/point_scene.h"

#include <fmt/format.h>

#include <array>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

ScanNetOptions scanNetOptionsOf(const ReadOptions& options) {
  return {options.use_cache, options.prefers_frames_25k, {options.given.label_ids, nullptr}, options.given};
}

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

/// The mesh that lies with frames. Other names are not taken: they may be what Tagscape itself wrote there.
fs::path meshBeside(const fs::path& path) {
  return firstByPattern(path, "mesh.ply|mesh.obj|mesh.glb|*_mesh.ply").value_or(fs::path());
}

void describeFrames(ScanLayout& layout) {
  const fs::path& path = layout.frames;
  const fs::path filtered = ifThere(path / "label-filt");
  const bool posed = layout.kind == ScanKind::PosedImages;
  const auto part = [&](std::string_view names) {
    return posed ? path : firstByPattern(path, names).value_or(fs::path());
  };
  layout.parts = {{"colour images", part("color|rgb|images|image")},
                  {"depth maps", part("depth|depths")},
                  {"poses", part("pose|poses")},
                  {"mesh", layout.files.mesh.empty() ? meshBeside(layout.path) : layout.files.mesh},
                  {"labels of vertices", layout.files.labels},
                  {"labels of pixels", filtered.empty() ? ifThere(path / "label") : filtered},
                  {"tags", ifThere(path / "tags.json")}};
}

void describeOther(const FoundLayout& found, ScanLayout& layout) {
  layout.name = found.layout->name;
  layout.frames = found.root;
  layout.parts = {{"frames", found.root},
                  {"mesh", meshOf(*found.layout, layout.path)},
                  {"tags", ifThere(layout.path / "tags.json")}};
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

Result<Scene> readFrames(const ScanLayout& layout, const ReadOptions& options) {
  if (!layout.files.id.empty()) {
    TAGSCAPE_ASSIGN(auto scene, readScanNetScene(layout.files, scanNetOptionsOf(options)));
    nameScene(layout.path, scene);
    return scene;
  }
  TAGSCAPE_ASSIGN(auto scene,
                  readFrameFolder(layout.frames, {options.given.label_ids, mapFor(layout.path)}, options.given));
  nameScene(layout.path, scene);
  if (layout.frames != layout.path && scene.tag_source == TagSource::None) attachTags(layout.path, scene);
  const fs::path mesh = meshBeside(layout.path);
  if (mesh.empty()) return scene;
  auto content = readPointFile(mesh);
  if (content)
    attachCloud(std::move(*content), mesh, options.given.label_ids, scene);
  else
    scene.warnings.push_back({mesh, content.error().message});
  deriveSceneTags(scene);
  return scene;
}

/// What exported frames without poses lack; empty if it is not them, or another layout fits better.
std::string missingOfExportedFrames(const fs::path& path) {
  const bool is_other = firstByPattern(path, "camera_intrinsic.json|scene|*.csv|*.txt|*_calib").has_value();
  const auto color = firstByPattern(path, "color|rgb|images"), depth = firstByPattern(path, "depth|depths");
  if (!is_other && color && depth)
    return fmt::format(
        "it has {}/ and {}/, but pose/K.txt with the 4x4 camera-to-world matrix of each image is missing",
        color->filename().string(),
        depth->filename().string());
  if (firstByPattern(path, "0*.jpg") && firstByPattern(path, "0*.png") && firstByPattern(path, "intrinsic.txt"))
    return "it looks like posed_images, but the poses (00000.txt beside 00000.jpg) are missing";
  return "";
}

/// The meshes and clouds that lie in a folder, in words; empty if there are none.
std::string cloudsIn(const fs::path& folder) {
  constexpr std::size_t kMaxFiles = 10000;
  std::string first;
  std::size_t count = 0;
  for (const auto& file : findByPattern(folder, "*", kMaxFiles)) {
    std::error_code code;
    const std::string extension = file.extension().string();
    const bool is_text = extension == ".txt" || extension == ".csv";  // lists and logs, more often than clouds
    if (is_text || !isPointFile(file) || !fs::is_regular_file(file, code)) continue;
    if (count++ == 0) first = file.filename().string();
  }
  if (count == 0) return "";
  return count == 1 ? fmt::format("a mesh or cloud, {}", first)
                    : fmt::format("{} meshes or clouds ({:.60} and others)", count, first);
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
  if (const auto fine = firstByPattern(path, "*_vh_clean.ply")) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("it has the high-resolution mesh {} only", fine->filename().string()),
                    "Open that file itself, or download _vh_clean_2.ply");
  }
  if (const auto part = firstByPattern(path, "*.sens.tmp|*.sens.part|*.sens.crdownload")) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("the download of {} did not end", part->filename().string()),
                    "Download it again");
  }
  if (const std::string missing = missingOfExportedFrames(path); !missing.empty())
    return failFile(ErrorCode::InvalidInput, path, missing, "Export the poses, too, one file per image");
  if (const std::string nearest = nearestLayout(path); !nearest.empty())
    return failFile(ErrorCode::InvalidInput, path, nearest, "See docs/formats.md for what a scan can be");
  if (const std::string clouds = cloudsIn(path); !clouds.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("no frames of a scan, but {}", clouds),
                    "Open such a file itself; beside frames, mesh.ply is taken");
  }
  return failFile(ErrorCode::InvalidInput,
                  path,
                  "not a scan: it has no color/, depth/ and pose/ folders, no .sens file and no _vh_clean_2.ply",
                  "Name a folder of exported frames (color/K.jpg, depth/K.png, pose/K.txt, "
                  "intrinsic/intrinsic_*.txt), a ScanNet scene, or a mesh or point cloud file");
}

std::string_view nameOf(ScanKind kind) {
  constexpr std::array<std::string_view, 8> kNames{"unknown",
                                                   "ScanNet scene",
                                                   ".sens recording",
                                                   "exported frames",
                                                   "scannet_frames_25k scene",
                                                   "posed_images scene",
                                                   "point cloud or mesh",
                                                   "scan"};
  return kNames[static_cast<std::size_t>(kind)];
}

void detectFrames(ScanLayout& layout) {
  for (const auto& root : {layout.path, layout.path / "frames"}) {
    const auto naming = frameNamingOf(root);
    if (!naming) continue;
    layout.kind = kindOf(*naming);
    layout.frames = root;
    if (*naming != FrameNaming::Exported) layout.files = sceneBeside(root);
    return describeFrames(layout);
  }
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
  } else if (const auto found = findLayout(path)) {
    layout.kind = ScanKind::Other;
    describeOther(*found, layout);
    return layout;
  } else {
    detectFrames(layout);
  }
  layout.name = nameOf(layout.kind);
  return layout;
}

std::vector<fs::path> sourcesOf(const ScanLayout& layout) {
  std::vector<fs::path> sources{layout.kind == ScanKind::SensFile ? layout.path : layout.files.sens, layout.files.text};
  fs::path root = layout.frames.empty() ? layout.files.frames : layout.frames;
  if (root.empty()) root = layout.path;
  constexpr std::size_t kMaxFolders = 1000;
  sources.push_back(root);
  for (const auto& part : findByPattern(root, "*", kMaxFolders)) sources.push_back(part);
  for (const char* above : {"../cam_params.json", "../intrinsics.txt", "../intrinsic.txt"})
    sources.push_back(root / above);
  return sources;
}

Result<Scene> readScan(const fs::path& path, const ReadOptions& options) {
  const ScanLayout layout = detectLayout(path);
  switch (layout.kind) {
    case ScanKind::ScanNetScene:
      return readScanNetScene(layout.files, scanNetOptionsOf(options));
    case ScanKind::SensFile:
      return readSensScene(path, options.use_cache, nullptr, options.given);
    case ScanKind::FrameFolder:
    case ScanKind::Frames25k:
    case ScanKind::PosedImages:
      return readFrames(layout, options);
    case ScanKind::PointFile:
      return readPointScene(path, options.given.label_ids);
    case ScanKind::Other:
      if (const auto found = findLayout(path)) return readLayout(*found, path, options.given);
      break;
    case ScanKind::Unknown:
      break;
  }
  return refuseUnknown(path);
}

}  // namespace tagscape
