#include "ui/widgets/frame_controller.h"

namespace tagscape {

FrameController::FrameController(Document& document, QObject* parent) : QObject(parent), document_(document) {
  soon_.setSingleShot(true);
  soon_.setInterval(0);
  connect(&soon_, &QTimer::timeout, this, &FrameController::ask);
  connect(&document, &Document::sceneChanged, this, &FrameController::wish);
  connect(&document, &Document::frameChanged, this, &FrameController::wish);
  connect(&document, &Document::overlayChanged, this, &FrameController::wish);
  const auto wish_for_cam = [this] {
    const FrameOverlay overlay = document_.overlay();
    if (overlay == FrameOverlay::Cam2d || overlay == FrameOverlay::ProjectedCam) wish();
  };
  connect(&document, &Document::camsChanged, this, wish_for_cam);
  connect(&document, &Document::classChanged, this, wish_for_cam);
  connect(&document, &Document::camThresholdChanged, this, wish_for_cam);
  const auto wish_for_occlusion = [this] {
    const FrameOverlay overlay = document_.overlay();
    if (overlay == FrameOverlay::Occlusion || overlay == FrameOverlay::ProjectedCam) wish();
  };
  connect(&document, &Document::toleranceChanged, this, wish_for_occlusion);
  connect(&document, &Document::depthSourceChanged, this, wish_for_occlusion);
}

void FrameController::wish() {
  is_dirty_ = true;
  soon_.start();
}

void FrameController::ask() {
  is_dirty_ = false;
  if (document_.frameIndex() < 0) {
    runner_.drop();
    Q_EMIT pictureReady({});
    return;
  }
  FrameRequest request;
  request.scene = document_.scene();
  request.cams = document_.cams();
  request.frame_index = static_cast<std::size_t>(document_.frameIndex());
  request.class_index = document_.classIndex();
  request.overlay = document_.overlay();
  request.cam_threshold = document_.camThreshold();
  request.tolerance.absolute_m = document_.tolerance_m();
  request.depth_source = document_.depthSource();
  runner_.start<FramePicture>(
      [workspace = workspace_, request](const Job& job) { return workspace->make(request, job); },
      [this](Result<FramePicture> picture) {
        if (picture) Q_EMIT pictureReady(*picture);
      });
}

}  // namespace tagscape
