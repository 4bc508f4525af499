#include "core/scans/scannet_scene.h"
#include "core/scans/sens_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace {

/// Frames of a .sens file by position, which is also their number.
class SensPixels final : public FrameSource {
 public:
  SensPixels(SensFile file, double units_per_m, std::shared_ptr<const LabelImages> labels)
      : file_(std::move(file)), units_per_m_(static_cast<float>(units_per_m)), labels_(std::move(labels)) {}

  Result<RgbImage> color(std::size_t index) const override { return file_.color(index); }

  Result<DepthImage> depth(std::size_t index) const override {
    TAGSCAPE_ASSIGN(const auto raw, file_.depth(index));
    DepthImage metres(raw.width, raw.height, 1);
    std::transform(raw.pixels.begin(), raw.pixels.end(), metres.pixels.begin(), [this](std::uint16_t value) {
      return static_cast<float>(value) / units_per_m_;
    });
    return metres;
  }

  Result<Image<std::uint8_t>> labels(std::size_t index) const override {
    if (!labels_) return FrameSource::labels(index);
    return labels_->read(static_cast<int>(index), {file_.header().color_width, file_.header().color_height});
  }

 private:
  SensFile file_;
  float units_per_m_;
  std::shared_ptr<const LabelImages> labels_;
};

/// Colour and depth of a released .sens share their pose; a file for which that does not hold is told.
void checkExtrinsics(const SensHeader& header, const std::filesystem::path& path, Scene& scene) {
  constexpr float kNegligible = 1e-3F;
  const Eigen::Matrix4f between = header.color_extrinsic - header.depth_extrinsic;
  if (between.allFinite() && between.cwiseAbs().maxCoeff() < kNegligible) return;
  scene.warnings.push_back(
      {path,
       fmt::format("{}: colour and depth have different extrinsics, which are not applied: colours may be displaced. "
                   "Use a calibrated recording",
                   path.string())});
}

/// The user's camera, or the file's.
Result<Intrinsics> cameraOf(const std::optional<CameraModel>& given,
                            const Eigen::Matrix4f& own,
                            ImageSize size,
                            const std::filesystem::path& path,
                            Scene& scene) {
  if (!given) return intrinsicsFromMatrix(own.cast<double>(), size.width, size.height, path);
  std::string note;
  TAGSCAPE_ASSIGN(const Intrinsics camera, fitCamera(*given, size.width, size.height, path, note));
  if (!note.empty()) scene.warnings.push_back({path, note});
  return camera;
}

}  // namespace

Result<Scene> readSensScene(const std::filesystem::path& path,
                            bool use_cache,
                            std::shared_ptr<const LabelImages> labels,
                            const Conventions& given) {
  TAGSCAPE_ASSIGN(auto file, SensFile::open(path, {.use_cache = use_cache, .takes_whole_frames = true}));
  const SensHeader& header = file.header();
  Scene scene;
  nameScene(path, scene);
  scene.name = scene.path.stem().string();
  TAGSCAPE_ASSIGN(
      scene.color_intrinsics,
      cameraOf(given.color_camera, header.color_intrinsic, {header.color_width, header.color_height}, path, scene));
  TAGSCAPE_ASSIGN(
      scene.depth_intrinsics,
      cameraOf(given.depth_camera, header.depth_intrinsic, {header.depth_width, header.depth_height}, path, scene));
  const auto direction = given.poses.value_or(PoseDirection::CameraToWorld);
  const auto axes = given.axes.value_or(CameraAxes::OpenCv);
  scene.reading = {given.depth_units_per_m.value_or(static_cast<double>(header.depth_units_per_m)),
                   direction == PoseDirection::WorldToCamera,
                   axes == CameraAxes::OpenGl};
  if (!file.problem().empty()) {
    scene.warnings.push_back(
        {path,
         fmt::format("{}: {}; the {} whole frames before are used. Download or copy the file again",
                     path.string(),
                     file.problem(),
                     file.frames().size())});
  }
  checkExtrinsics(header, path, scene);
  int num_lost = 0;
  for (const auto& of_file : file.frames()) {
    const auto number = static_cast<int>(scene.frames.size());
    Frame frame{number, std::nullopt, of_file.color_bytes > 0, of_file.depth_bytes > 0, std::nullopt, false};
    frame.has_labels = labels && labels->has(number);
    const auto pose = poseFromMatrix(worldFromCamera(of_file.world_from_camera.cast<double>(), direction, axes), path);
    if (pose) frame.world_from_camera = *pose;
    if (!pose) ++num_lost;
    scene.frames.push_back(frame);
  }
  if (num_lost > 0) {
    scene.warnings.push_back({path,
                              fmt::format("{}: {} of {} frames have no usable pose (tracking was lost) and are not "
                                          "linked to the point cloud. Nothing needs to be done",
                                          path.string(),
                                          num_lost,
                                          scene.frames.size())});
  }
  scene.pixels =
      std::make_shared<const SensPixels>(std::move(file), scene.reading.depth_units_per_m, std::move(labels));
  return scene;
}

}  // namespace tagscape
