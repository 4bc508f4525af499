#include "ui/models/document.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

namespace tagscape {
namespace {

int firstFrameToShow(const Scene& scene) {
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    if (scene.frames[i].has_color && scene.frames[i].world_from_camera) return static_cast<int>(i);
  }
  return scene.frames.empty() ? -1 : 0;
}

int firstTaggedClass(const Scene& scene) {
  for (std::size_t i = 0; scene.tags && i < scene.tags->size(); ++i) {
    if (scene.tags->test(i)) return static_cast<int>(i);
  }
  return 0;
}

/// Compares canonical paths: they may be relative or contain links.
bool isSameFile(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code code;
  return !a.empty() && (a == b || std::filesystem::equivalent(a, b, code));
}

}  // namespace

Document::Document(QObject* parent) : QObject(parent) {}

void Document::addWarning(SceneWarning warning) {
  const auto is_of_it = [&](const SceneWarning& other) { return isSameFile(other.file, warning.file); };
  if (!scene_ || std::any_of(warnings_.begin(), warnings_.end(), is_of_it)) return;
  warnings_.push_back(std::move(warning));
  Q_EMIT warningsChanged();
}

const Frame* Document::frame() const {
  return scene_ && frame_index_ >= 0 ? &scene_->frames[static_cast<std::size_t>(frame_index_)] : nullptr;
}

void Document::setScene(SharedScene scene) {
  clearCams();
  link_.clear();
  selection_.clear();
  if (labels_.layer()) labels_.set(nullptr, {});
  changed_scene_tags_.reset();
  changed_frame_tags_.clear();
  scene_ = std::move(scene);
  warnings_ = scene_ ? scene_->warnings : std::vector<SceneWarning>();
  frame_index_ = scene_ ? firstFrameToShow(*scene_) : -1;
  Q_EMIT sceneChanged();
  Q_EMIT frameChanged(frame_index_);
  if (scene_) setClassIndex(firstTaggedClass(*scene_));
}

Status Document::setCams(std::shared_ptr<const SceneCams> cams) {
  if (!scene_) return fail(ErrorCode::InvalidInput, "CAMs need an open scene. Open the scene first.");
  const std::size_t num_points = scene_->points().size();
  if (cams->numPoints() != num_points || cams->point_values.size() != num_points * kNumClasses) {
    return fail(ErrorCode::InvalidInput,
                "The CAMs are of " + std::to_string(cams->numPoints()) + " points, but the scene " + scene_->name +
                    " has " + std::to_string(num_points) + ". Predict this scene anew, or open the run's own scene.");
  }
  network_cams_ = std::move(cams);
  maskCams();
  Q_EMIT camsChanged();
  return {};
}

void Document::clearCams() {
  if (!cams_) return;
  cams_.reset();
  network_cams_.reset();
  Q_EMIT camsChanged();
}

void Document::setFrameIndex(int index) {
  if (numFrames() == 0) return;
  index = std::clamp(index, 0, numFrames() - 1);
  if (std::exchange(frame_index_, index) != index) Q_EMIT frameChanged(index);
}

void Document::setClassIndex(int class_index) {
  class_index = std::clamp(class_index, 0, kNumClasses - 1);
  if (std::exchange(class_index_, class_index) != class_index) Q_EMIT classChanged(class_index);
}

void Document::setLayer(PointLayer layer) {
  if (std::exchange(layer_, layer) != layer) Q_EMIT layerChanged(layer);
}

void Document::setOverlay(FrameOverlay overlay) {
  if (std::exchange(overlay_, overlay) != overlay) Q_EMIT overlayChanged(overlay);
}

void Document::setComparedOverlay(FrameOverlay overlay) {
  if (std::exchange(compared_overlay_, overlay) != overlay) Q_EMIT comparisonChanged();
}

void Document::setSwiped(bool swiped) {
  if (std::exchange(is_swiped_, swiped) != swiped) Q_EMIT comparisonChanged();
}

void Document::setFrameBase(FrameBase base) {
  if (std::exchange(frame_base_, base) != base) Q_EMIT comparisonChanged();
}

void Document::setOverlayOpacity(float opacity) {
  opacity = std::clamp(opacity, 0.F, 1.F);
  if (std::exchange(overlay_opacity_, opacity) != opacity) Q_EMIT overlayOpacityChanged(opacity);
}

void Document::setCamThreshold(float threshold) {
  threshold = std::clamp(threshold, 0.F, 1.F);
  if (std::exchange(cam_threshold_, threshold) != threshold) Q_EMIT camThresholdChanged(threshold);
}

void Document::setTolerance_m(float tolerance_m) {
  tolerance_m = std::clamp(tolerance_m, 0.001F, 1.F);
  if (std::exchange(tolerance_m_, tolerance_m) != tolerance_m) Q_EMIT toleranceChanged(tolerance_m);
}

void Document::setDepthSource(DepthSource source) {
  if (std::exchange(depth_source_, source) != source) Q_EMIT depthSourceChanged(source);
}

void Document::setSurface(Surface surface) {
  if (std::exchange(surface_, surface) != surface) Q_EMIT surfaceChanged(surface);
}

void Document::setPointScale(float scale) {
  scale = std::clamp(scale, 0.1F, 10.F);
  if (std::exchange(point_scale_, scale) != scale) Q_EMIT pointScaleChanged(scale);
}

}  // namespace tagscape
