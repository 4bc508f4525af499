#include "ui/services/frame_controller.h"

#include <utility>

namespace tagscape {
namespace {

bool isCam(FrameOverlay overlay) {
  return overlay != FrameOverlay::None && overlay != FrameOverlay::Occlusion && overlay != FrameOverlay::Truth &&
         overlay != FrameOverlay::Labels;
}

bool isProjected(FrameOverlay overlay) {
  return overlay == FrameOverlay::ProjectedCam || overlay == FrameOverlay::Prediction ||
         overlay == FrameOverlay::Occlusion || overlay == FrameOverlay::Labels;
}

bool isLabels(FrameOverlay overlay) { return overlay == FrameOverlay::Labels; }

}  // namespace

FrameController::FrameController(Document& document, QObject* parent) : QObject(parent), document_(document) {
  soon_.setSingleShot(true);
  soon_.setInterval(0);
  connect(&soon_, &QTimer::timeout, this, &FrameController::proceed);
  const auto request_frame = [this] {
    forgetProbe();
    requestUpdate();
  };
  connect(&document, &Document::sceneChanged, this, request_frame);
  connect(&document, &Document::frameChanged, this, request_frame);
  connect(&document, &Document::overlayChanged, this, &FrameController::requestUpdate);
  connect(&document, &Document::comparisonChanged, this, &FrameController::requestUpdate);
  connect(&document.displayStyle(), &DisplayStyle::changed, this, &FrameController::requestUpdate);
  const auto shows = [this](bool (*which)(FrameOverlay)) {
    return which(document_.overlay()) || (document_.isSwiped() && which(document_.comparedOverlay()));
  };
  const auto request_cam = [this, shows] {
    if (shows(isCam)) requestUpdate();
  };
  connect(&document, &Document::camsChanged, this, request_cam);
  connect(&document, &Document::classChanged, this, request_cam);
  connect(&document, &Document::camThresholdChanged, this, request_cam);
  connect(&document, &Document::toleranceChanged, this, [this, shows] {
    points_.reset();  // Which of them it sees depends on it; the probe is asked with a tolerance.
    wants_probe_ = true;
    shows(isProjected) ? requestUpdate() : proceed();
  });
  const auto request_labels = [this, shows] {
    if (shows(isLabels)) requestUpdate();
  };
  connect(&document.labels(), &ShownLabels::replaced, this, request_labels);
  connect(&document.labels(), &ShownLabels::changed, this, request_labels);
  connect(&document, &Document::depthSourceChanged, this, request_frame);
}

void FrameController::forgetProbe() {
  wants_probe_ = true;
  points_.reset();
  if (std::exchange(probe_, nullptr)) Q_EMIT probeChanged();
}

void FrameController::requestUpdate() {
  is_dirty_ = true;
  soon_.start();
}

void FrameController::proceed() {
  if (work_ == Work::Picture) return;  // Its delivery calls this function again.
  if (is_dirty_) return submit();
  if (wants_probe_ && work_ == Work::None && document_.frame()) askForProbe();
}

FrameRequest FrameController::request() const {
  FrameRequest request;
  request.scene = document_.scene();
  request.cams = document_.cams();
  request.frame_index = static_cast<std::size_t>(document_.frameIndex());
  request.class_index = document_.classIndex();
  request.base = document_.frameBase();
  request.overlay = document_.overlay();
  request.compared_overlay = document_.comparedOverlay();
  request.is_swiped = document_.isSwiped();
  request.cam_threshold = document_.camThreshold();
  request.tolerance = document_.tolerance();
  request.depth_source = document_.depthSource();
  request.palette = document_.displayStyle().palette();
  request.heat_map = document_.displayStyle().heatMap();
  request.heat_range = document_.displayStyle().heatRange();
  request.hidden_classes = document_.displayStyle().hiddenClasses();
  if (isLabels(request.overlay) || isLabels(request.compared_overlay)) {
    const ShownLabels& labels = document_.labels();
    if (labels.layer() && labels.layer()->size() == document_.scene()->points().size()) request.labels = labels.copy();
    request.label_colors = labels.colors(request.palette);
    for (const LabelClass& label_class : labels.classes().classes)
      request.label_names += QString::fromStdString(label_class.name);
  }
  return request;
}

void FrameController::submit() {
  is_dirty_ = false;
  if (work_ == Work::Probe) wants_probe_ = true;  // The picture has priority over the probe.
  if (document_.frameIndex() < 0) {
    runner_.drop();
    work_ = Work::None;
    FramePicture none;
    if (document_.scene()) none.note = tr("This scene has no images.").toStdString();
    Q_EMIT pictureReady(none);
    return;
  }
  work_ = Work::Picture;
  decoder_->setScene(document_.scene());
  decoder_->prefetch(static_cast<std::size_t>(document_.frameIndex()),
                     document_.frameIndex() - std::exchange(last_index_, document_.frameIndex()));
  runner_.start<FramePicture>(
      [workspace = workspace_, request = request()](const Job& job) { return workspace->make(request, job); },
      [this, scene = document_.scene()](Result<FramePicture> picture) {
        work_ = Work::None;
        if (picture && scene == document_.scene()) Q_EMIT pictureReady(*picture);
        proceed();
      });
}

void FrameController::askForProbe() {
  work_ = Work::Probe;
  wants_probe_ = false;
  runner_.start<FrameAnswers>(
      [workspace = workspace_, request = request()](const Job& job) { return workspace->answers(request, job); },
      [this](Result<FrameAnswers> answers) {
        work_ = Work::None;
        probe_ = answers ? answers->probe : nullptr;
        points_ = answers ? answers->points : nullptr;
        Q_EMIT probeChanged();
        proceed();
      });
}

}  // namespace tagscape
