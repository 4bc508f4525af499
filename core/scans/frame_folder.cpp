#include "core/scans/frame_folder.h"

#include "core/base/files.h"
#include "core/scans/folder_pixels.h"
#include "core/scans/tags_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxImageBytes = std::uintmax_t{512} << 20;
constexpr std::uintmax_t kMaxTextBytes = 1 << 20;

/// Where the parts of frames lie below the folder, by naming.
struct Places {
  fs::path color, depth, pose;
  fs::path color_intrinsic, depth_intrinsic;
  int num_digits;
};

Places placesOf(FrameNaming naming, const fs::path& path) {
  if (naming == FrameNaming::PosedImages)
    return {path, path, path, path / "intrinsic.txt", path / "depth_intrinsic.txt", 5};
  Places places{path / "color",
                path / "depth",
                path / "pose",
                path / "intrinsic" / "intrinsic_color.txt",
                path / "intrinsic" / "intrinsic_depth.txt",
                1};
  if (naming == FrameNaming::Frames25k) {
    places.color_intrinsic = path / "intrinsics_color.txt";
    places.depth_intrinsic = path / "intrinsics_depth.txt";
    places.num_digits = 6;
  }
  return places;
}

/// Adds the files of a folder that have a frame number and one of the extensions.
void collect(const fs::path& folder,
             std::initializer_list<std::string_view> extensions,
             fs::path FrameFiles::*slot,
             std::map<int, FrameFiles>& frames) {
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    std::string extension = it->path().extension().string();
    std::transform(
        extension.begin(), extension.end(), extension.begin(), [](unsigned char c) { return std::tolower(c); });
    if (std::find(extensions.begin(), extensions.end(), extension) == extensions.end()) continue;
    if (const auto number = frameNumber(it->path())) {
      frames[*number].number = *number;
      frames[*number].*slot = it->path();
    }
  }
}

std::map<int, FrameFiles> collectFrames(FrameNaming naming, const Places& places) {
  std::map<int, FrameFiles> files;
  if (naming == FrameNaming::PosedImages) {
    collect(places.color, {".jpg", ".jpeg"}, &FrameFiles::color, files);  // .png beside them are depth maps
  } else {
    collect(places.color, {".jpg", ".jpeg", ".png"}, &FrameFiles::color, files);
  }
  collect(places.depth, {".png"}, &FrameFiles::depth, files);
  collect(places.pose, {".txt"}, &FrameFiles::pose, files);
  return files;
}

/// The size of the first image that has a readable header.
Result<ImageSize> firstSize(const std::map<int, FrameFiles>& frames,
                            fs::path FrameFiles::*slot,
                            const fs::path& folder) {
  Error last{ErrorCode::InvalidInput,
             fmt::format("{}: holds no images. Export colour and depth of the frames", folder.string())};
  const Status readable = checkReadableFolder(folder);
  if (!readable && readable.error().code == ErrorCode::Io) last = readable.error();
  for (const auto& [number, files] : frames) {
    if ((files.*slot).empty()) continue;
    const auto size =
        readFile(files.*slot, kMaxImageBytes).and_then([&, path = files.*slot](const std::vector<std::byte>& bytes) {
          return peekImageSize(bytes, path);
        });
    if (size) return *size;
    last = size.error();
  }
  return fail(last);
}

Result<Intrinsics> readIntrinsics(const fs::path& path, ImageSize size) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path, kMaxTextBytes));
  TAGSCAPE_ASSIGN(const auto matrix, parseMatrix4(text, path));
  return intrinsicsFromMatrix(matrix, size.width, size.height, path);
}

Result<Pose> readPose(const fs::path& path) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path, kMaxTextBytes));
  TAGSCAPE_ASSIGN(const auto matrix, parseMatrix4(text, path));
  return poseFromMatrix(matrix, path);
}

Frame makeFrame(const FrameFiles& files, const Places& places, std::vector<SceneWarning>& warnings) {
  Frame frame{files.number, std::nullopt, !files.color.empty(), !files.depth.empty(), std::nullopt, false};
  const auto lacks = [&](const fs::path& folder, const char* extension, const char* consequence) {
    const fs::path expected = folder / fmt::format("{:0{}}{}", files.number, places.num_digits, extension);
    warnings.push_back({expected,
                        fmt::format("{}: missing, so frame {} {}. Export it again if you need it",
                                    expected.string(),
                                    files.number,
                                    consequence)});
  };
  if (!frame.has_color) lacks(places.color, ".jpg", "shows no image and takes no part in training");
  if (!frame.has_depth) lacks(places.depth, ".png", "cannot be fused and its occlusion is unknown");
  if (files.pose.empty()) {
    lacks(places.pose, ".txt", "is not linked to the point cloud");
  } else if (auto pose = readPose(files.pose)) {
    frame.world_from_camera = *pose;
  } else {
    warnings.push_back({files.pose, pose.error().message});
  }
  return frame;
}

std::shared_ptr<const LabelImages> findLabels(FrameNaming naming, const fs::path& path, const LabelOptions& options) {
  std::error_code code;
  if (fs::is_directory(path / "label-filt", code))
    return std::make_shared<const LabelImages>(path / "label-filt", LabelIds::Raw, options.map);
  if (!fs::is_directory(path / "label", code)) return nullptr;
  const LabelIds ids = naming == FrameNaming::Frames25k ? LabelIds::Nyu40 : options.ids;
  return std::make_shared<const LabelImages>(path / "label", ids, options.map);
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
  std::error_code code;
  return fs::is_directory(path / "pose", code) &&
         (fs::is_directory(path / "color", code) || fs::is_directory(path / "depth", code));
}

std::optional<FrameNaming> frameNamingOf(const fs::path& path) {
  std::error_code code;
  if (isFrameFolder(path)) {
    return fs::exists(path / "intrinsics_color.txt", code) ? FrameNaming::Frames25k : FrameNaming::Exported;
  }
  const bool posed = fs::exists(path / "intrinsic.txt", code) && fs::exists(path / "depth_intrinsic.txt", code);
  return posed ? std::optional(FrameNaming::PosedImages) : std::nullopt;
}

Result<Scene> readFrameFolder(const fs::path& path, const LabelOptions& options) {
  TAGSCAPE_ASSIGN(const FrameNaming naming, requireNaming(path));
  const Places places = placesOf(naming, path);
  const auto files = collectFrames(naming, places);
  TAGSCAPE_ASSIGN(const ImageSize color_size, firstSize(files, &FrameFiles::color, places.color));
  TAGSCAPE_ASSIGN(const ImageSize depth_size, firstSize(files, &FrameFiles::depth, places.depth));

  Scene scene;
  nameScene(path, scene);
  TAGSCAPE_ASSIGN(scene.color_intrinsics, readIntrinsics(places.color_intrinsic, color_size));
  TAGSCAPE_ASSIGN(scene.depth_intrinsics, readIntrinsics(places.depth_intrinsic, depth_size));
  const auto labels = findLabels(naming, path, options);
  if (const Status readable = checkReadableFolder(places.pose); !readable && readable.error().code == ErrorCode::Io)
    scene.warnings.push_back({places.pose, readable.error().message});
  std::vector<FrameFiles> sources;
  for (const auto& [number, of_frame] : files) {
    scene.frames.push_back(makeFrame(of_frame, places, scene.warnings));
    scene.frames.back().has_labels = labels && labels->has(number);
    sources.push_back(of_frame);
  }
  scene.pixels = makeFolderPixels(std::move(sources), color_size, depth_size, labels);
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
