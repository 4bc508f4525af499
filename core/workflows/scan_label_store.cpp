#include "core/workflows/scan_label_store.h"

#include "core/base/log.h"
#include "core/cam/map_labels.h"
#include "core/io/cam_file.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

/// The frames of a scan with labels that were predicted in place of their label images.
class LabelledFrames final : public FrameSource {
 public:
  LabelledFrames(SharedScene scene, const SceneCams& labels) : scene_(std::move(scene)) {
    for (const FrameCams& frame : labels.frames) maps_[frame.frame_number] = frame;
  }
  [[nodiscard]] bool has(int number) const { return maps_.contains(number); }

  [[nodiscard]] Result<RgbImage> color(std::size_t index) const override { return scene_->pixels->color(index); }
  [[nodiscard]] Result<DepthImage> depth(std::size_t index) const override { return scene_->pixels->depth(index); }
  [[nodiscard]] Result<Image<std::uint8_t>> labels(std::size_t index) const override {
    const auto found = maps_.find(scene_->frames[index].number);
    if (found == maps_.end())
      return fail(ErrorCode::NotFound, fmt::format("frame {} has no labels", scene_->frames[index].number));
    const FrameCams& maps = found->second;
    const Intrinsics& size = scene_->color_intrinsics;
    return largestClass(
        {maps.logits, maps.width, maps.height, maps.grid}, size.width, size.height, std::nullopt, false);
  }

 private:
  SharedScene scene_;
  std::map<int, FrameCams> maps_;
};

std::optional<SceneCams> readIfOf(const fs::path& file, const std::string& fingerprint) {
  const auto origin = readCamsOrigin(file);
  if (origin && origin->origin != fingerprint) return std::nullopt;
  auto labels = origin ? readCams(file) : Result<SceneCams>(fail(origin.error()));
  if (labels) return std::move(*labels);
  log::warn(labels.error().message);
  return std::nullopt;
}

}  // namespace

std::string fingerprintOf(const PointCloud& points) {
  // FNV-1a over tenths of millimetres: distinguishes scans, not cryptographic.
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const Eigen::Vector3f& point : points.positions_m) {
    for (int axis = 0; axis < 3; ++axis) {
      const float scaled = std::round(point[axis] * 1e4F);
      std::uint32_t bits = 0;
      std::memcpy(&bits, &scaled, sizeof bits);
      hash = (hash ^ bits) * 0x100000001b3ULL;
    }
  }
  return fmt::format("scan of {} points, {:016x}", points.size(), hash);
}

fs::path scanLabelFile(const RunDirectory& run, const std::string& scene_name) {
  return run.path() / "labels" / (scene_name + ".safetensors");
}

Status writeScanLabels(const RunDirectory& run, const Scene& scene, SceneCams cams) {
  const fs::path file = scanLabelFile(run, scene.name);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error)
    return failFile(ErrorCode::NotWritable, file.parent_path(), error.message(), "Choose another run directory.");
  cams.origin = fingerprintOf(scene.points());
  return writeCams(file, cams);
}

std::optional<SceneCams> readScanLabels(const fs::path& run_folder, const Scene& scene) {
  const fs::path folder = run_folder / "labels";
  std::error_code error;
  if (!fs::is_directory(folder, error)) return std::nullopt;
  const std::string fingerprint = fingerprintOf(scene.points());
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".safetensors") continue;
    if (auto labels = readIfOf(entry.path(), fingerprint)) return labels;
  }
  return std::nullopt;
}

SharedScene sceneWithLabels(const SharedScene& scene, const SceneCams& labels) {
  auto copy = std::make_shared<Scene>(*scene);
  copy->point_labels = labels.point_labels;
  auto frames = std::make_shared<LabelledFrames>(scene, labels);
  for (Frame& frame : copy->frames) frame.has_labels = frames->has(frame.number);
  copy->pixels = std::move(frames);
  return copy;
}

}  // namespace tagscape
