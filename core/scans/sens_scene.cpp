#include "core/scans/scannet_scene.h"
#include "core/scans/sens_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace {

/// Frames of a .sens file by position, which is also their number.
class SensPixels final : public FrameSource {
 public:
  SensPixels(SensFile file, std::shared_ptr<const LabelImages> labels)
      : file_(std::move(file)), labels_(std::move(labels)) {}

  Result<RgbImage> color(std::size_t index) const override { return file_.color(index); }

  Result<DepthImage> depth(std::size_t index) const override {
    TAGSCAPE_ASSIGN(const auto raw, file_.depth(index));
    DepthImage metres(raw.width, raw.height, 1);
    const float units_per_m = file_.header().depth_units_per_m;
    std::transform(raw.pixels.begin(), raw.pixels.end(), metres.pixels.begin(), [units_per_m](std::uint16_t value) {
      return static_cast<float>(value) / units_per_m;
    });
    return metres;
  }

  Result<Image<std::uint8_t>> labels(std::size_t index) const override {
    if (!labels_) return FrameSource::labels(index);
    return labels_->read(static_cast<int>(index), {file_.header().color_width, file_.header().color_height});
  }

 private:
  SensFile file_;
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

}  // namespace

Result<Scene> readSensScene(const std::filesystem::path& path,
                            bool use_cache,
                            std::shared_ptr<const LabelImages> labels) {
  TAGSCAPE_ASSIGN(auto file, SensFile::open(path, {.use_cache = use_cache}));
  const SensHeader& header = file.header();
  Scene scene;
  nameScene(path, scene);
  scene.name = scene.path.stem().string();
  TAGSCAPE_ASSIGN(
      scene.color_intrinsics,
      intrinsicsFromMatrix(header.color_intrinsic.cast<double>(), header.color_width, header.color_height, path));
  TAGSCAPE_ASSIGN(
      scene.depth_intrinsics,
      intrinsicsFromMatrix(header.depth_intrinsic.cast<double>(), header.depth_width, header.depth_height, path));
  checkExtrinsics(header, path, scene);
  int num_lost = 0;
  for (const auto& of_file : file.frames()) {
    const auto number = static_cast<int>(scene.frames.size());
    Frame frame{number, std::nullopt, of_file.color_bytes > 0, of_file.depth_bytes > 0, std::nullopt, false};
    frame.has_labels = labels && labels->has(number);
    const auto pose = poseFromMatrix(of_file.world_from_camera.cast<double>(), path);
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
  scene.pixels = std::make_shared<const SensPixels>(std::move(file), std::move(labels));
  return scene;
}

}  // namespace tagscape
