#include "core/scans/frame_folder.h"

#include "core/base/files.h"
#include "core/scans/posed_frames.h"
#include "core/scans/tags_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxTextBytes = 1 << 20;

/// Where the parts of frames lie below the folder, by naming.
struct Places {
  fs::path root, color, depth, pose;
  fs::path color_intrinsic, depth_intrinsic;  ///< Those that are there, or else where they are expected.
};

/// The first of `names` below `folder` that is there, or else the first.
fs::path firstOf(const fs::path& folder, std::initializer_list<const char*> names) {
  std::error_code code;
  for (const char* name : names) {
    if (fs::exists(folder / name, code)) return folder / name;
  }
  return folder / *names.begin();
}

Places placesOf(FrameNaming naming, const fs::path& root) {
  if (naming == FrameNaming::PosedImages)
    return {root, root, root, root, root / "intrinsic.txt", root / "depth_intrinsic.txt"};
  return {root,
          firstOf(root, {"color", "rgb", "images", "image"}),
          firstOf(root, {"depth", "depths"}),
          firstOf(root, {"pose", "poses"}),
          firstOf(root,
                  {"intrinsic/intrinsic_color.txt",
                   "intrinsics_color.txt",
                   "intrinsic_color.txt",
                   "intrinsic/intrinsic.txt",
                   "intrinsics.txt",
                   "intrinsic.txt",
                   "../intrinsics_color.txt",
                   "../intrinsics.txt",
                   "../intrinsic.txt",
                   "../intrinsic_color.txt"}),
          firstOf(root,
                  {"intrinsic/intrinsic_depth.txt",
                   "intrinsics_depth.txt",
                   "intrinsic_depth.txt",
                   "depth_intrinsic.txt",
                   "../intrinsics_depth.txt"})};
}

/// Adds the files of a folder that have a frame number and one of the extensions; counts those that have the extension
/// alone.
class Collector {
 public:
  void collect(const fs::path& folder,
               std::initializer_list<std::string_view> extensions,
               fs::path FrameRecord::*slot) {
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
      const std::string extension = lower(it->path().extension().string());
      if (std::find(extensions.begin(), extensions.end(), extension) == extensions.end()) {
        const auto& others = kUnreadImages;
        if (std::find(others.begin(), others.end(), extension) != others.end()) unread.push_back(it->path());
        continue;
      }
      const auto number = frameNumber(it->path());
      if (!number) {
        unnumbered.push_back(it->path());
        continue;
      }
      FrameRecord& frame = frames[*number];
      frame.number = *number;
      if (!(frame.*slot).empty()) doubled.push_back(it->path());
      frame.*slot = it->path();
    }
  }
  std::map<int, FrameRecord> frames;
  std::vector<fs::path> unnumbered, doubled;
  std::vector<fs::path> unread;  ///< Images of kinds that are not read.

 private:
  static constexpr std::array<std::string_view, 8> kUnreadImages{
      ".bmp", ".webp", ".tif", ".tiff", ".heic", ".ppm", ".gif", ".npy"};
  static std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  }
};

Collector collectFrames(FrameNaming naming, const Places& places) {
  Collector files;
  if (naming == FrameNaming::PosedImages) {
    files.collect(places.color, {".jpg", ".jpeg"}, &FrameRecord::color);  // .png beside them are depth maps
  } else {
    files.collect(places.color, {".jpg", ".jpeg", ".png"}, &FrameRecord::color);
  }
  files.collect(places.depth, {".png", ".pgm", ".exr"}, &FrameRecord::depth);
  files.collect(places.pose, {".txt"}, &FrameRecord::pose);
  if (naming == FrameNaming::PosedImages) files.unnumbered.clear();  // intrinsic.txt and the like
  return files;
}

void readPoses(std::vector<FrameRecord>& frames) {
  for (auto& frame : frames) {
    if (frame.pose.empty()) continue;
    const auto matrix = readTextFile(frame.pose, kMaxTextBytes).and_then([&](const std::string& text) {
      return parseMatrix4(text, frame.pose);
    });
    if (matrix)
      frame.matrix = *matrix;
    else
      frame.problem = matrix.error().message;
  }
}

/// Nothing if the file is not there. Errors: those of its content.
Result<std::optional<CameraModel>> readCamera(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code)) return std::nullopt;
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path, kMaxTextBytes));
  TAGSCAPE_ASSIGN(const auto camera, parseCamera(text, path));
  return camera;
}

std::shared_ptr<const LabelImages> findLabels(const fs::path& path, const LabelOptions& options) {
  std::error_code code;
  if (fs::is_directory(path / "label-filt", code))
    return std::make_shared<const LabelImages>(path / "label-filt", LabelIds::Raw, options.map);
  if (!fs::is_directory(path / "label", code)) return nullptr;
  return std::make_shared<const LabelImages>(path / "label", options.ids, options.map);
}

void warnOfNames(const std::vector<fs::path>& files, std::string_view problem, std::vector<SceneWarning>& warnings) {
  if (files.empty()) return;
  warnings.push_back({files.front(),
                      fmt::format("{}: {}{}",
                                  files.front().string(),
                                  problem,
                                  files.size() > 1 ? fmt::format(" (and {} more files)", files.size() - 1) : "")});
}

Result<FrameNaming> requireNaming(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code)) return failFile(ErrorCode::NotFound, path, "no such file or folder", "Check the path");
  const auto naming = frameNamingOf(path);
  if (!naming) {
    return failFile(
        ErrorCode::InvalidInput,
        path,
        "not a scan: it has no color/, depth/ and pose/ folders",
        "Name a folder of exported frames (color/K.jpg, depth/K.png, pose/K.txt, intrinsic/intrinsic_*.txt)");
  }
  return *naming;
}

}  // namespace

bool isFrameFolder(const fs::path& path) {
  const auto has = [&](std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(), [&](const char* name) {
      std::error_code code;
      return fs::is_directory(path / name, code);
    });
  };
  return has({"pose", "poses"}) && has({"color", "rgb", "depth"});
}

namespace {

/// mmdetection3d's: an intrinsic file, or frames as it names them: 00000.jpg, 00000.png and 00000.txt.
bool isPosedImages(const fs::path& path) {
  std::error_code code;
  if (fs::exists(path / "intrinsic.txt", code) && fs::exists(path / "depth_intrinsic.txt", code)) return true;
  int kinds = 0;
  for (fs::directory_iterator it(path, code), end; !code && it != end; it.increment(code)) {
    const fs::path file = it->path().filename();
    const std::string stem = file.stem().string();
    const bool numbered = stem.size() == 5 && stem.find_first_not_of("0123456789") == std::string::npos;
    if (!numbered) continue;
    if (file.extension() == ".jpg") kinds |= 1;
    if (file.extension() == ".png") kinds |= 2;
    if (file.extension() == ".txt") kinds |= 4;
    if (kinds == 7) return true;
  }
  return false;
}

}  // namespace

std::optional<FrameNaming> frameNamingOf(const fs::path& path) {
  std::error_code code;
  if (isFrameFolder(path)) {
    return fs::exists(path / "intrinsics_color.txt", code) ? FrameNaming::Frames25k : FrameNaming::Exported;
  }
  return isPosedImages(path) ? std::optional(FrameNaming::PosedImages) : std::nullopt;
}

Result<Scene> readFrameFolder(const fs::path& path, const LabelOptions& options, const Conventions& given) {
  TAGSCAPE_ASSIGN(const FrameNaming naming, requireNaming(path));
  const Places places = placesOf(naming, path);
  auto files = collectFrames(naming, places);
  FrameSet set;
  set.path = path;
  set.color_folder = places.color;
  set.depth_folder = places.depth;
  set.pose_folder = places.pose;
  set.color_camera_file = places.color_intrinsic;
  set.depth_camera_file = places.depth_intrinsic;
  for (auto& [number, frame] : files.frames) set.frames.push_back(std::move(frame));
  if (set.frames.empty()) set.frames.emplace_back();  // so that the folder of images is named as empty or unreadable
  readPoses(set.frames);
  warnOfNames(files.unnumbered, "its name has no frame number, so it is left out", set.warnings);
  warnOfNames(files.doubled, "another file has the same frame number; one of them is used", set.warnings);
  TAGSCAPE_ASSIGN(set.color_camera, readCamera(places.color_intrinsic));
  TAGSCAPE_ASSIGN(set.depth_camera, readCamera(places.depth_intrinsic));
  warnOfNames(files.unread, "this kind of image is not read; convert it to PNG or JPEG", set.warnings);
  if (const Status readable = checkReadableFolder(places.pose); !readable && readable.error().code == ErrorCode::Io)
    set.warnings.push_back({places.pose, readable.error().message});
  set.labels = findLabels(path, options);
  TAGSCAPE_ASSIGN(Scene scene, makeFrameScene(std::move(set), given));
  attachTags(path, scene);
  return scene;
}

void attachTags(const fs::path& folder, Scene& scene) {
  const fs::path path = folder / "tags.json";
  std::error_code code;
  if (!fs::exists(path, code)) return;
  const auto tags = readTags(path);
  if (!tags) {
    scene.warnings.push_back({path, tags.error().message});
    return;
  }
  scene.tags = tags->scene;
  scene.tag_source = TagSource::Given;
  for (auto& frame : scene.frames) {
    const auto found = tags->frames.find(frame.number);
    if (found != tags->frames.end()) frame.tags = found->second;
    if (frame.tags && scene.tags && (*frame.tags & ~*scene.tags).any()) {
      scene.warnings.push_back(
          {path,
           fmt::format("{}: frame {} has a tag that its scene lacks. Add it to \"scene\" or remove it from the frame",
                       path.string(),
                       frame.number)});
    }
  }
}

void nameScene(const fs::path& path, Scene& scene) {
  std::error_code code;
  scene.path = fs::weakly_canonical(path, code);
  if (code) scene.path = path;
  scene.name =
      scene.path.has_filename() ? scene.path.filename().string() : scene.path.parent_path().filename().string();
}

}  // namespace tagscape
