#include "ui/widgets/frame_workspace.h"

#include "core/geometry/project_values.h"
#include "ui/render/image_layers.h"

#include <algorithm>

namespace tagscape {

Result<FramePicture> FrameWorkspace::make(const FrameRequest& request, const Job& job) {
  TAGSCAPE_TRY(job.checkStop("Loading the frame"));
  if (scene_ != request.scene) {
    *this = FrameWorkspace();
    scene_ = request.scene;
    spacing_m_ = meshSpacing_m(scene_->mesh);
  }
  if (!reference_ || reference_->source() != request.depth_source) {
    reference_ = std::make_unique<ReferenceDepth>(*scene_, request.depth_source);
    ledger_.reset();
  }
  if (frame_index_ != request.frame_index) {
    frame_index_ = request.frame_index;
    ledger_.reset();
    loadColor(request);
  }
  TAGSCAPE_TRY(job.checkStop("Loading the frame"));
  FramePicture picture;
  picture.frame_index = request.frame_index;
  picture.color = color_;
  picture.problem = color_problem_;
  addOverlay(request, picture);
  return picture;
}

void FrameWorkspace::loadColor(const FrameRequest& request) {
  color_ = QImage();
  color_problem_.clear();
  if (!scene_->pixels) {
    color_problem_ = "The scene has no images.";
    return;
  }
  auto image = scene_->pixels->color(request.frame_index);
  if (image) {
    color_ = toQImage(*image);
  } else {
    color_problem_ = image.error().message;
  }
}

Status FrameWorkspace::judge(const FrameRequest& request) {
  const auto same = [](const DepthTolerance& a, const DepthTolerance& b) {
    return a.absolute_m == b.absolute_m && a.relative == b.relative;
  };
  if (ledger_) {
    if (!same(ledger_tolerance_, request.tolerance)) rejudge(*ledger_, request.tolerance);
    ledger_tolerance_ = request.tolerance;
    return {};
  }
  const Frame& frame = scene_->frames[request.frame_index];
  if (!frame.world_from_camera) {
    return fail(ErrorCode::NotFound, "Where this frame was taken is not known, so points cannot be projected into it.");
  }
  TAGSCAPE_ASSIGN(const DepthView depth, reference_->of(request.frame_index));
  const FrameView view{frame.world_from_camera, scene_->color_intrinsics, depth.camera, &depth.image};
  ledger_ = judgeVisibility(scene_->points().positions_m, view, request.tolerance);
  ledger_tolerance_ = request.tolerance;
  return {};
}

void FrameWorkspace::addOverlay(const FrameRequest& request, FramePicture& picture) {
  if (request.overlay == FrameOverlay::None) return;
  if (request.overlay == FrameOverlay::Cam2d) return addCam2d(request, picture);
  if (request.overlay == FrameOverlay::Truth) return addTruth(request, picture);
  if (request.overlay == FrameOverlay::ProjectedCam && !request.cams) {
    picture.note = "No CAMs yet: train, or open a run.";
    return;
  }
  if (const Status judged = judge(request); !judged) {
    if (!picture.problem.empty()) picture.problem += "\n";
    picture.problem += judged.error().message;
    return;
  }
  if (request.overlay == FrameOverlay::ProjectedCam) return addProjectedCam(request, picture);
  addOcclusion(request, picture);
}

void FrameWorkspace::addCam2d(const FrameRequest& request, FramePicture& picture) const {
  if (!request.cams) {
    picture.note = "No CAMs yet: train, or open a run.";
    return;
  }
  const FrameCams* cams = request.cams->frame(scene_->frames[request.frame_index].number);
  if (!cams) {
    picture.note = "The run has no 2D CAM of this frame.";
    return;
  }
  const Intrinsics& color = scene_->color_intrinsics;
  const int width = picture.color.isNull() ? color.width : picture.color.width();
  const int height = picture.color.isNull() ? color.height : picture.color.height();
  picture.overlay = heatPicture(enlargeCam(*cams, request.class_index, width, height), request.cam_threshold);
}

void FrameWorkspace::addTruth(const FrameRequest& request, FramePicture& picture) const {
  if (!scene_->frames[request.frame_index].has_labels) {
    picture.note = "This frame has no label image.";
    return;
  }
  if (const auto labels = scene_->pixels->labels(request.frame_index)) {
    picture.overlay = classPicture(*labels);
  } else {
    picture.problem += (picture.problem.empty() ? "" : "\n") + labels.error().message;
  }
}

void FrameWorkspace::addProjectedCam(const FrameRequest& request, FramePicture& picture) const {
  const std::size_t num_points = scene_->points().size();
  std::vector<float> values(num_points);
  for (std::size_t i = 0; i < num_points; ++i) {
    values[i] = request.cams->point_values[i * kNumClasses + static_cast<std::size_t>(request.class_index)];
  }
  const Intrinsics& color = scene_->color_intrinsics;
  const Image<float> projected = projectValues(*ledger_, values, color, color.width, color.height, spacing_m_);
  picture.overlay = heatPicture(projected, request.cam_threshold);
}

void FrameWorkspace::addOcclusion(const FrameRequest&, FramePicture& picture) const {
  const Intrinsics& color = scene_->color_intrinsics;
  picture.overlay = reasonPicture(projectReasons(*ledger_, color, color.width, color.height, spacing_m_));
  std::array<std::size_t, kNumVisibilities> counts{};
  for (const Visibility reason : ledger_->reason) ++counts[static_cast<std::size_t>(reason)];
  picture.reason_counts = counts;
}

}  // namespace tagscape
