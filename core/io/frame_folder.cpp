#include "core/io/frame_folder.h"

#include "core/base/files.h"
#include "core/io/image_codec.h"
#include "core/io/tags_file.h"

#include <Eigen/LU>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxImageBytes = std::uintmax_t{512} << 20;
constexpr std::uintmax_t kMaxTextBytes = 1 << 20;
constexpr float kMetresPerDepthUnit = 0.001F;

/// The files of one frame; an empty path where there is none.
struct FrameFiles {
  fs::path color;
  fs::path depth;
  fs::path pose;
};

/// Reads pixels of an exported frame folder on demand. Holds only paths, so it is safe from any thread.
class FolderPixels final : public FrameSource {
 public:
  FolderPixels(std::vector<FrameFiles> files, ImageSize color, ImageSize depth)
      : files_(std::move(files)), color_size_(color), depth_size_(depth) {}

  Result<RgbImage> color(std::size_t index) const override {
    const fs::path& path = files_.at(index).color;
    if (path.empty()) return fail(ErrorCode::NotFound, "This frame has no colour image. Choose another frame");
    TAGSCAPE_ASSIGN(const auto bytes, readFile(path, kMaxImageBytes));
    TAGSCAPE_ASSIGN(auto image, decodeColor(bytes, path));
    TAGSCAPE_TRY(checkSize({image.width, image.height}, color_size_, path));
    return image;
  }

  Result<DepthImage> depth(std::size_t index) const override {
    const fs::path& path = files_.at(index).depth;
    if (path.empty()) return fail(ErrorCode::NotFound, "This frame has no depth map. Choose another frame");
    TAGSCAPE_ASSIGN(const auto bytes, readFile(path, kMaxImageBytes));
    TAGSCAPE_ASSIGN(const auto raw, decodePng16(bytes, path));
    TAGSCAPE_TRY(checkSize({raw.width, raw.height}, depth_size_, path));
    DepthImage metres(raw.width, raw.height, 1);
    std::transform(raw.pixels.begin(), raw.pixels.end(), metres.pixels.begin(), [](std::uint16_t value) {
      return static_cast<float>(value) * kMetresPerDepthUnit;
    });
    return metres;
  }

 private:
  static Status checkSize(ImageSize found, ImageSize expected, const fs::path& path) {
    if (found == expected) return {};
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("{} x {} pixels, but the scene's images have {} x {}",
                                found.width,
                                found.height,
                                expected.width,
                                expected.height),
                    "Export the frame again at the size of the others");
  }

  std::vector<FrameFiles> files_;
  ImageSize color_size_;
  ImageSize depth_size_;
};

std::optional<int> frameNumber(const fs::path& file) {
  const std::string stem = file.stem().string();
  int number = 0;
  const auto [end, problem] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  if (problem != std::errc() || end != stem.data() + stem.size() || number < 0) return std::nullopt;
  return number;
}

/// Adds the files of a sub-folder that have a frame number and one of the extensions.
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
    if (const auto number = frameNumber(it->path())) frames[*number].*slot = it->path();
  }
}

/// The size of the first image that has a readable header.
Result<ImageSize> firstSize(const std::map<int, FrameFiles>& frames,
                            fs::path FrameFiles::*slot,
                            const fs::path& folder) {
  Error last{ErrorCode::InvalidInput,
             fmt::format("{}: holds no images. Export colour and depth of the frames", folder.string())};
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

Frame makeFrame(int number, const FrameFiles& files, const fs::path& folder, std::vector<SceneWarning>& warnings) {
  Frame frame{number, std::nullopt, !files.color.empty(), !files.depth.empty(), std::nullopt};
  const auto lacks = [&](const char* kind, const char* extension, const char* consequence) {
    const fs::path expected = folder / kind / fmt::format("{}{}", number, extension);
    warnings.push_back(
        {expected,
         fmt::format(
             "{}: missing, so frame {} {}. Export it again if you need it", expected.string(), number, consequence)});
  };
  if (!frame.has_color) lacks("color", ".jpg", "shows no image and takes no part in training");
  if (!frame.has_depth) lacks("depth", ".png", "cannot be fused and its occlusion is unknown");
  if (files.pose.empty()) {
    lacks("pose", ".txt", "is not linked to the point cloud");
  } else if (auto pose = readPose(files.pose)) {
    frame.world_from_camera = *pose;
  } else {
    warnings.push_back({files.pose, pose.error().message});
  }
  return frame;
}

void attachTags(const fs::path& path, Scene& scene) {
  if (!fs::exists(path)) return;
  const auto tags = readTags(path);
  if (!tags) {
    scene.warnings.push_back({path, tags.error().message});
    return;
  }
  scene.tags = tags->scene;
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

}  // namespace

bool isFrameFolder(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path / "pose", code) &&
         (fs::is_directory(path / "color", code) || fs::is_directory(path / "depth", code));
}

Result<Scene> readFrameFolder(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code)) return failFile(ErrorCode::NotFound, path, "no such file or folder", "Check the path");
  if (!isFrameFolder(path)) {
    return failFile(
        ErrorCode::InvalidInput,
        path,
        "not a scan: it has no color/, depth/ and pose/ folders",
        "Name a folder of exported frames (color/K.jpg, depth/K.png, pose/K.txt, intrinsic/intrinsic_*.txt)");
  }
  std::map<int, FrameFiles> files;
  collect(path / "color", {".jpg", ".jpeg", ".png"}, &FrameFiles::color, files);
  collect(path / "depth", {".png"}, &FrameFiles::depth, files);
  collect(path / "pose", {".txt"}, &FrameFiles::pose, files);
  TAGSCAPE_ASSIGN(const ImageSize color_size, firstSize(files, &FrameFiles::color, path / "color"));
  TAGSCAPE_ASSIGN(const ImageSize depth_size, firstSize(files, &FrameFiles::depth, path / "depth"));

  Scene scene;
  scene.path = fs::weakly_canonical(path, code);
  if (code) scene.path = path;
  scene.name =
      scene.path.has_filename() ? scene.path.filename().string() : scene.path.parent_path().filename().string();
  TAGSCAPE_ASSIGN(scene.color_intrinsics, readIntrinsics(path / "intrinsic" / "intrinsic_color.txt", color_size));
  TAGSCAPE_ASSIGN(scene.depth_intrinsics, readIntrinsics(path / "intrinsic" / "intrinsic_depth.txt", depth_size));
  std::vector<FrameFiles> sources;
  for (const auto& [number, of_frame] : files) {
    scene.frames.push_back(makeFrame(number, of_frame, path, scene.warnings));
    sources.push_back(of_frame);
  }
  scene.pixels = std::make_shared<FolderPixels>(std::move(sources), color_size, depth_size);
  attachTags(path / "tags.json", scene);
  return scene;
}

Result<Eigen::Matrix4d> parseMatrix4(std::string_view text, const fs::path& name) {
  Eigen::Matrix4d matrix;
  int count = 0;
  std::size_t position = 0;
  while (position < text.size()) {
    const auto begin = text.find_first_not_of(" \t\r\n", position);
    if (begin == std::string_view::npos) break;
    const auto end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    if (count == 16) return failFile(ErrorCode::InvalidInput, name, "more than 16 numbers", "Write a 4x4 matrix");
    double value = 0;
    const auto [stopped, problem] = std::from_chars(text.data() + begin, text.data() + end, value);
    if (problem != std::errc() || stopped != text.data() + end) {
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("entry {} is no number (\"{:.20}\")", count + 1, text.substr(begin, end - begin)),
                      "Write a 4x4 matrix of numbers");
    }
    matrix(count / 4, count % 4) = value;
    ++count;
    position = end;
  }
  if (count != 16)
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("{} numbers instead of 16", count), "Write a 4x4 matrix");
  return matrix;
}

Result<Pose> poseFromMatrix(const Eigen::Matrix4d& world_from_camera, const fs::path& name) {
  if (!world_from_camera.allFinite()) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    "the pose is not finite (tracking was lost)",
                    "The frame is left out; nothing needs to be done");
  }
  const Eigen::Matrix3d rotation = world_from_camera.topLeftCorner<3, 3>();
  constexpr double kRounding = 0.01;  // poses are written with few digits and come from drifting filters
  const bool rigid =
      (rotation * rotation.transpose() - Eigen::Matrix3d::Identity()).cwiseAbs().maxCoeff() < kRounding &&
      rotation.determinant() > 0;
  if (!rigid || !world_from_camera.row(3).isApprox(Eigen::RowVector4d(0, 0, 0, 1), kRounding)) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    "the matrix is no rotation and translation",
                    "Write the camera-to-world pose, row by row");
  }
  constexpr double kFarthest_m = 1e5;
  if (world_from_camera.topRightCorner<3, 1>().cwiseAbs().maxCoeff() > kFarthest_m) {
    return failFile(
        ErrorCode::InvalidInput, name, "the camera is more than 100 km away", "Write translations in metres");
  }
  Pose pose = Pose::Identity();
  pose.linear() = Eigen::Quaterniond(rotation).normalized().toRotationMatrix();
  pose.translation() = world_from_camera.topRightCorner<3, 1>();
  return pose;
}

Result<Intrinsics> intrinsicsFromMatrix(const Eigen::Matrix4d& matrix, int width, int height, const fs::path& name) {
  const Intrinsics intrinsics{matrix(0, 0), matrix(1, 1), matrix(0, 2), matrix(1, 2), width, height};
  const bool positive =
      std::isfinite(intrinsics.fx) && std::isfinite(intrinsics.fy) && intrinsics.fx > 0 && intrinsics.fy > 0;
  const bool inside =
      intrinsics.cx > -0.5 && intrinsics.cx < width - 0.5 && intrinsics.cy > -0.5 && intrinsics.cy < height - 0.5;
  if (!positive || !inside) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("fx {:g}, fy {:g}, cx {:g}, cy {:g} do not fit images of {} x {} pixels",
                                intrinsics.fx,
                                intrinsics.fy,
                                intrinsics.cx,
                                intrinsics.cy,
                                width,
                                height),
                    "Use the intrinsics of these images, scaled to their size");
  }
  return intrinsics;
}

}  // namespace tagscape
