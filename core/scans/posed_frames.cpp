#include "core/scans/posed_frames.h"

#include "core/base/files.h"
#include "core/clouds/cloud_content.h"
#include "core/io/depth_codec.h"
#include "core/scans/folder_pixels.h"
#include "core/scans/frame_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxImageBytes = std::uintmax_t{512} << 20;

/// The size of the first image that has a readable header; nothing if no frame names one.
Result<std::optional<ImageSize>> firstSize(const std::vector<FrameRecord>& frames, fs::path FrameRecord::*slot) {
  std::optional<Error> last;
  for (const auto& frame : frames) {
    const fs::path& path = frame.*slot;
    if (path.empty()) continue;
    const auto size = readFile(path, kMaxImageBytes).and_then([&](const std::vector<std::byte>& bytes) {
      return peekDepthSize(bytes, path);
    });
    if (size) return *size;
    last = size.error();
  }
  if (last) return fail(*last);
  return std::nullopt;
}

class FrameSceneMaker {
 public:
  FrameSceneMaker(FrameSet frames, const Conventions& given) : set_(std::move(frames)), given_(given) {}

  Result<Scene> make() {
    if (set_.frames.empty())
      return failFile(ErrorCode::InvalidInput, set_.path, "it has no frames", "Export colour and depth of the frames");
    nameScene(set_.path, scene_);
    scene_.warnings = std::move(set_.warnings);
    TAGSCAPE_TRY(findSizes());
    TAGSCAPE_TRY(fitCameras());
    scene_.reading = {unitsPerMetre(),
                      given_.poses.value_or(set_.poses) == PoseDirection::WorldToCamera,
                      given_.axes.value_or(set_.axes) == CameraAxes::OpenGl};
    checkDepth();
    makeFrames();
    scene_.pixels = makeFolderPixels(
        std::move(files_), {scene_.color_intrinsics, scene_.depth_intrinsics, unitsPerMetre()}, set_.labels);
    noteLabelIds();
    keepPosesExact();
    return std::move(scene_);
  }

 private:
  void warn(const fs::path& file, std::string message) { scene_.warnings.push_back({file, std::move(message)}); }
  double unitsPerMetre() const { return given_.depth_units_per_m.value_or(set_.depth_units_per_m); }

  Status findSizes() {
    TAGSCAPE_ASSIGN(color_size_, firstSize(set_.frames, &FrameRecord::color));
    const auto depth_size = firstSize(set_.frames, &FrameRecord::depth);
    if (!depth_size && !color_size_) return fail(depth_size.error());
    if (depth_size)
      depth_size_ = *depth_size;
    else
      leaveOutDepth(set_.frames.front().depth, depth_size.error().message);
    if (!depth_size_ && color_size_ && depth_size)
      warn(set_.path,
           fmt::format("{}: it has no depth maps, so frames cannot be fused and their occlusion is unknown",
                       set_.path.string()));
    if (!color_size_ && depth_size_)
      warn(set_.path,
           fmt::format("{}: it has no colour images, so frames take no part in training", set_.path.string()));
    TAGSCAPE_TRY(checkFolders());
    if (color_size_ || depth_size_) return {};
    return failFile(ErrorCode::InvalidInput,
                    set_.color_folder.empty() ? set_.path : set_.color_folder,
                    "holds no images",
                    "Export colour and depth of the frames");
  }

  /// A folder that may not be read is not called empty.
  Status checkFolders() const {
    for (const auto& [folder, is_there] : {std::pair{set_.color_folder, color_size_.has_value()},
                                           std::pair{set_.depth_folder, depth_size_.has_value()}}) {
      const Status readable = folder.empty() || is_there ? Status{} : checkReadableFolder(folder);
      if (!readable && readable.error().code == ErrorCode::Io) return fail(readable.error());
    }
    return {};
  }

  /// The camera of one kind of images: the user's, the layout's, that of a frame, or that of the other kind.
  Result<Intrinsics> fit(const std::optional<CameraModel>& given,
                         const std::optional<CameraModel>& own,
                         std::optional<CameraModel> FrameRecord::*of_frame,
                         const fs::path& file,
                         ImageSize size) {
    std::optional<CameraModel> model = given ? given : own;
    if (!model) model = middleCamera(of_frame);
    if (!model)
      return failFile(ErrorCode::NotFound, file, "missing", "Give the camera by an option, or put the file there");
    std::string note;
    TAGSCAPE_ASSIGN(const Intrinsics camera, fitCamera(*model, size.width, size.height, file, note));
    if (!note.empty()) warn(file, note);
    return camera;
  }

  /// The camera in the middle of those of single frames, by its focal length.
  std::optional<CameraModel> middleCamera(std::optional<CameraModel> FrameRecord::*of_frame) const {
    std::vector<CameraModel> models;
    for (const auto& frame : set_.frames) {
      if (frame.*of_frame) models.push_back(*(frame.*of_frame));
    }
    if (models.empty()) return std::nullopt;
    const auto middle = models.begin() + static_cast<std::ptrdiff_t>(models.size() / 2);
    std::nth_element(models.begin(), middle, models.end(), [](const auto& a, const auto& b) { return a.fx < b.fx; });
    return *middle;
  }

  bool hasCamera(const std::optional<CameraModel>& given,
                 const std::optional<CameraModel>& own,
                 std::optional<CameraModel> FrameRecord::*of_frame) const {
    return given || own || middleCamera(of_frame);
  }

  Status fitCameras() {
    const bool has_color = hasCamera(given_.color_camera, set_.color_camera, &FrameRecord::color_camera);
    const bool has_depth = hasCamera(given_.depth_camera, set_.depth_camera, &FrameRecord::depth_camera);
    const ImageSize color = color_size_.value_or(depth_size_.value_or(ImageSize{}));
    const ImageSize depth = depth_size_.value_or(color);
    if (has_color || !has_depth) {
      TAGSCAPE_ASSIGN(
          scene_.color_intrinsics,
          fit(given_.color_camera, set_.color_camera, &FrameRecord::color_camera, set_.color_camera_file, color));
    }
    if (has_depth) {
      TAGSCAPE_ASSIGN(
          scene_.depth_intrinsics,
          fit(given_.depth_camera, set_.depth_camera, &FrameRecord::depth_camera, set_.depth_camera_file, depth));
    }
    if (!has_depth)
      return deriveCamera(scene_.color_intrinsics, depth, set_.depth_camera_file, scene_.depth_intrinsics);
    if (!has_color)
      return deriveCamera(scene_.depth_intrinsics, color, set_.color_camera_file, scene_.color_intrinsics);
    return {};
  }

  /// The same camera for images of another size, where their shape is the same.
  Status deriveCamera(const Intrinsics& from, ImageSize size, const fs::path& missing, Intrinsics& to) {
    const double x = static_cast<double>(size.width) / from.width;
    const double y = static_cast<double>(size.height) / from.height;
    constexpr double kSameShape = 0.02;  // 1296 x 968 and 640 x 480 differ by .4 %
    if (std::abs(x / y - 1) > kSameShape) {
      return failFile(ErrorCode::NotFound,
                      missing,
                      fmt::format("missing, and images of {} x {} pixels have another shape than the others ({} x {})",
                                  size.width,
                                  size.height,
                                  from.width,
                                  from.height),
                      "Give the camera by an option, or put the file there");
    }
    to = from.resizedTo(size.width, size.height);
    const bool tell = !missing.empty() && color_size_ && depth_size_;
    if (tell) {
      warn(missing,
           fmt::format("{}: missing, so the camera of the other images is used, scaled to {} x {} pixels. Put the file "
                       "there if it differs",
                       missing.string(),
                       size.width,
                       size.height));
    }
    return {};
  }

  /// What a camera gives as depth and is none is told once, not for every frame.
  void checkDepth() {
    std::vector<const FrameRecord*> with_depth;
    for (const auto& frame : set_.frames) {
      if (!frame.depth.empty()) with_depth.push_back(&frame);
    }
    if (with_depth.empty()) return;
    std::size_t num_empty = 0, num_read = 0;
    for (const std::size_t at : {std::size_t{0}, with_depth.size() / 2, with_depth.size() - 1}) {
      const fs::path& path = with_depth[at]->depth;
      const auto image = readFile(path, kMaxImageBytes).and_then([&](const std::vector<std::byte>& bytes) {
        return decodeDepth(bytes, unitsPerMetre(), path);
      });
      if (!image && at == 0 && isNoDepth(path)) return leaveOutDepth(path, image.error().message);
      if (!image) continue;
      ++num_read;
      num_empty += std::none_of(image->pixels.begin(), image->pixels.end(), [](float d) { return d > 0; }) ? 1 : 0;
    }
    if (num_read == 0 || num_empty < num_read) return;
    warn(with_depth[0]->depth,
         fmt::format("{}: the depth maps that were looked at are 0 everywhere. Export them again",
                     with_depth[0]->depth.string()));
  }

  /// Whether a file is whole, but in a form that depth cannot have.
  static bool isNoDepth(const fs::path& path) {
    const auto bytes = readFile(path, kMaxImageBytes);
    return bytes && decodeColor(*bytes, path).has_value();
  }

  void leaveOutDepth(const fs::path& path, const std::string& message) {
    warn(path, message + " (and none of the others is read: frames have no depth)");
    for (auto& frame : set_.frames) frame.depth.clear();
    set_.depth_folder.clear();  // so that it is not told again for every frame
  }

  void makeFrames() {
    std::sort(set_.frames.begin(), set_.frames.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    for (const auto& record : set_.frames) {
      Frame frame{record.number, std::nullopt, !record.color.empty(), !record.depth.empty(), std::nullopt, false};
      frame.has_labels = set_.labels && set_.labels->has(record.number);
      tellMissing(record);
      frame.world_from_camera = poseOf(record);
      scene_.frames.push_back(frame);
      files_.push_back({record.number,
                        record.color,
                        record.depth,
                        ownCamera(record.color_camera, scene_.color_intrinsics),
                        ownCamera(record.depth_camera, scene_.depth_intrinsics)});
    }
  }

  void tellMissing(const FrameRecord& record) {
    const auto lacks = [&](const fs::path& folder, const char* extension, const char* consequence) {
      if (folder.empty()) return;
      const fs::path expected = folder / fmt::format("{}{}", record.number, extension);
      warn(expected,
           fmt::format("{}: missing, so frame {} {}. Export it again if you need it",
                       expected.string(),
                       record.number,
                       consequence));
    };
    if (record.color.empty() && color_size_)
      lacks(set_.color_folder, ".jpg", "shows no image and takes no part in training");
    if (record.depth.empty() && depth_size_)
      lacks(set_.depth_folder, ".png", "cannot be fused and its occlusion is unknown");
    if (record.pose.empty()) lacks(set_.pose_folder, ".txt", "is not linked to the point cloud");
  }

  std::optional<Pose> poseOf(const FrameRecord& record) {
    if (!record.matrix) {
      if (!record.problem.empty()) warn(record.pose, record.problem);
      return std::nullopt;
    }
    const auto matrix =
        worldFromCamera(*record.matrix, given_.poses.value_or(set_.poses), given_.axes.value_or(set_.axes));
    auto pose =
        record.matrix->allFinite() ? poseFromMatrix(matrix, record.pose) : poseFromMatrix(*record.matrix, record.pose);
    if (pose) return *pose;
    warn(record.pose, pose.error().message);
    return std::nullopt;
  }

  /// The frame's own camera for images of the scene's size, if it differs by more than a quarter of a pixel somewhere.
  static std::optional<Intrinsics> ownCamera(const std::optional<CameraModel>& model, const Intrinsics& scene) {
    if (!model) return std::nullopt;
    std::string note;
    const auto camera = fitCamera(*model, scene.width, scene.height, {}, note);
    constexpr double kQuarterPixel = 0.25;
    if (!camera) return std::nullopt;
    const double differs = std::max({std::abs(camera->fx / scene.fx - 1) * scene.width / 2,
                                     std::abs(camera->fy / scene.fy - 1) * scene.height / 2,
                                     std::abs(camera->cx - scene.cx),
                                     std::abs(camera->cy - scene.cy)});
    return differs > kQuarterPixel ? std::optional(*camera) : std::nullopt;
  }

  void noteLabelIds() {
    const std::string note = set_.labels ? set_.labels->note() : "";
    if (!note.empty()) warn(set_.path, fmt::format("{}: its {}", set_.path.string(), note));
  }

  /// Cameras at large coordinates (UTM) are moved near the origin, as points are.
  void keepPosesExact() {
    const auto first = std::find_if(
        scene_.frames.begin(), scene_.frames.end(), [](const Frame& f) { return f.world_from_camera.has_value(); });
    if (first == scene_.frames.end()) return;
    scene_.offset_m = offsetFor(first->world_from_camera->translation());
    for (auto& frame : scene_.frames) {
      if (frame.world_from_camera) frame.world_from_camera->translation() -= scene_.offset_m;
    }
  }

  FrameSet set_;
  const Conventions& given_;
  Scene scene_;
  std::optional<ImageSize> color_size_, depth_size_;
  std::vector<FrameFiles> files_;
};

}  // namespace

Result<Scene> makeFrameScene(FrameSet frames, const Conventions& given) {
  return FrameSceneMaker(std::move(frames), given).make();
}

}  // namespace tagscape
