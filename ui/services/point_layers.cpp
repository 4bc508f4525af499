#include "ui/services/point_layers.h"

#include "ui/services/scan_segments.h"

#include <algorithm>
#include <array>

namespace tagscape {
namespace {

constexpr int kLiftSoon_ms = 250;

struct LayerRow {
  PointLayer layer;
  PointColoring coloring;
  const char* name;
};
constexpr std::array<LayerRow, kNumPointLayers> kLayers{{
    {PointLayer::Rgb, PointColoring::Own, "rgb"},
    {PointLayer::Cam, PointColoring::Cam, "cam"},
    {PointLayer::Prediction, PointColoring::Prediction, "prediction"},
    {PointLayer::Truth, PointColoring::Truth, "truth"},
    {PointLayer::LiftedCam, PointColoring::LiftedCam, "lifted"},
    {PointLayer::Disagreement, PointColoring::Disagreement, "disagreement"},
    {PointLayer::Confidence, PointColoring::Confidence, "confidence"},
    {PointLayer::Reason, PointColoring::Reason, "occlusion"},
    {PointLayer::Error, PointColoring::Error, "error"},
    {PointLayer::Segment, PointColoring::Segment, "segments"},
}};

const LayerRow& rowOf(PointLayer layer) { return kLayers[static_cast<std::size_t>(layer)]; }

/// Classes that are tagged or for which any cell of a frame is above 0.
TagSet classesToLift(const Scene& scene, const SceneCams& cams) {
  TagSet present = scene.tags.value_or(TagSet());
  for (const FrameCams& frame : cams.frames) {
    const std::size_t cells = frame.values.size() / kNumClasses;
    for (std::size_t i = 0; cells > 0 && i < frame.values.size(); ++i) {
      if (frame.values[i] > 0) present.set(i / cells);
    }
  }
  return present;
}

}  // namespace

PointColoring coloringOf(PointLayer layer) { return rowOf(layer).coloring; }
const char* nameOf(PointLayer layer) { return rowOf(layer).name; }

std::optional<PointLayer> pointLayerNamed(const QString& name) {
  for (const LayerRow& row : kLayers) {
    if (name == row.name) return row.layer;
  }
  return std::nullopt;
}

/// Keeps the scene that the reference depth looks at.
struct PointLayers::Depth {
  SharedScene scene;
  ReferenceDepth reference;
};

/// What the current frame says; touched by one worker at a time.
struct PointLayers::FrameVisibility {
  std::shared_ptr<Depth> depth;
  std::optional<std::size_t> frame_index;
  VisibilityResult visibility;

  Result<std::vector<std::uint8_t>> compute(const std::shared_ptr<Depth>& now,
                                            std::size_t frame,
                                            DepthTolerance tolerance) {
    if (depth != now || frame_index != frame) {
      frame_index.reset();
      const Scene& scene = *now->scene;
      const auto& pose = scene.frames[frame].world_from_camera;
      if (!pose) return fail(ErrorCode::NotFound, "Where this frame was taken is not known.");
      TAGSCAPE_ASSIGN(const DepthView view, now->reference.of(frame));
      computeVisibility(
          scene.points().positions_m, {pose, scene.color_intrinsics, view.camera, &view.image}, tolerance, visibility);
      depth = now;
      frame_index = frame;
    } else {
      applyTolerance(visibility, tolerance);
    }
    std::vector<std::uint8_t> reasons(visibility.reason.size());
    std::transform(visibility.reason.begin(), visibility.reason.end(), reasons.begin(), [](Visibility reason) {
      return static_cast<std::uint8_t>(reason);
    });
    return reasons;
  }
};

struct PointLayers::Segments {
  ScanSegments scan;
  std::vector<std::uint8_t> rows;
};

PointLayers::PointLayers(Document& document, QObject* parent)
    : QObject(parent), document_(document), frame_visibility_(std::make_shared<FrameVisibility>()) {
  lift_soon_.setSingleShot(true);
  lift_soon_.setInterval(kLiftSoon_ms);
  connect(&lift_soon_, &QTimer::timeout, this, &PointLayers::makeWanted);
  connect(&document, &Document::sceneChanged, this, &PointLayers::forgetScene);
  connect(&document, &Document::camsChanged, this, &PointLayers::packCamsAgain);
  connect(&document, &Document::classChanged, this, [this] {
    Q_EMIT columnChanged(PointColumn::Cam);
    Q_EMIT columnChanged(PointColumn::Lifted);
  });
  connect(&document, &Document::frameChanged, this, [this] {
    visibility_is_stale_ = true;
    makeWanted();
  });
  const auto other_depth = [this] {
    lift_is_old_ = visibility_is_stale_ = true;
    lift_soon_.start();
    updateVisibility();
  };
  connect(&document, &Document::toleranceChanged, this, other_depth);
  connect(&document, &Document::depthSourceChanged, this, [this, other_depth] {
    depth_.reset();
    other_depth();
  });
  const auto count = [this](JobRunner& runner, int& percent) {
    connect(&runner, &JobRunner::progressed, this, [this, &percent](const Progress& progress) {
      percent = progress.total > 0 ? static_cast<int>(100 * progress.done / progress.total) : 0;
      Q_EMIT progressed();
    });
  };
  count(lift_runner_, lift_percent_);
  count(segment_runner_, segment_percent_);
}

void PointLayers::setWanted(const std::set<PointLayer>& layers) {
  if (wanted_ == layers) return;
  wanted_ = layers;
  makeWanted();
  Q_EMIT stateChanged();
}

bool PointLayers::wants(std::initializer_list<PointLayer> layers) const {
  return std::any_of(layers.begin(), layers.end(), [this](PointLayer layer) { return wanted_.contains(layer); });
}

void PointLayers::makeWanted() {
  if (!document_.scene()) return;
  if (wants({PointLayer::LiftedCam, PointLayer::Disagreement})) updateLiftedCams();
  if (wants({PointLayer::Reason})) updateVisibility();
  if (wants({PointLayer::Segment})) divide();
}

void PointLayers::divide() {
  if (segments_ || segment_runner_.isBusy()) return;
  segment_percent_ = 0;
  segment_runner_.start<Segments>(
      [scene = document_.scene()](const Job& job) -> Result<Segments> {
        TAGSCAPE_ASSIGN(ScanSegments segments, segmentsOf(*scene, job));
        std::vector<std::uint8_t> rows = packSegments(segments.of_point);
        return Segments{std::move(segments), std::move(rows)};
      },
      [this](Result<Segments> segments) {
        if (!segments) return setProblem(PointLayer::Segment, segments.error());
        segments_ = std::make_shared<const Segments>(std::move(*segments));
        Q_EMIT columnChanged(PointColumn::Segment);
        Q_EMIT stateChanged();
        if (segments_->scan.problem) document_.addWarning(*segments_->scan.problem);
      });
}

void PointLayers::forgetScene() {
  for (JobRunner* runner : {&cam_runner_, &lift_runner_, &reason_runner_, &segment_runner_}) runner->drop();
  cams_.reset();
  lifted_.reset();
  depth_.reset();
  segments_.reset();
  reasons_.clear();
  problems_.clear();
  lift_is_old_ = visibility_is_stale_ = true;
  makeWanted();
  Q_EMIT stateChanged();
}

void PointLayers::packCamsAgain() {
  lift_is_old_ = true;
  if (!document_.cams()) {
    cam_runner_.drop();
    lift_runner_.drop();
    cams_.reset();
    lifted_.reset();
    return Q_EMIT stateChanged();
  }
  cam_runner_.start<CamColumns>(
      [cams = document_.cams()](const Job&) -> Result<CamColumns> { return packCams(*cams); },
      [this](Result<CamColumns> columns) {
        if (!columns) return setProblem(PointLayer::Cam, columns.error());
        cams_ = std::make_shared<const CamColumns>(std::move(*columns));
        for (const PointColumn column : {PointColumn::Prediction, PointColumn::Confidence, PointColumn::Cam})
          Q_EMIT columnChanged(column);
        Q_EMIT stateChanged();
      });
  makeWanted();
}

void PointLayers::updateLiftedCams() {
  const auto cams = document_.cams();
  if (!cams || cams->frames.empty() || !std::exchange(lift_is_old_, false)) return;
  lift_percent_ = 0;
  problems_.erase(PointLayer::LiftedCam);
  DepthTolerance tolerance;
  tolerance.absolute_m = document_.tolerance_m();
  lift_runner_.start<ClassColumns>(
      [scene = document_.scene(), cams, depth = depth(), tolerance](const Job& job) -> Result<ClassColumns> {
        TAGSCAPE_ASSIGN(const LiftedCams lifted,
                        liftCams(*scene, *cams, classesToLift(*scene, *cams), depth->reference, tolerance, job));
        return packLifted(lifted);
      },
      [this](Result<ClassColumns> columns) {
        if (!columns) return setProblem(PointLayer::LiftedCam, columns.error());
        lifted_ = std::make_shared<const ClassColumns>(std::move(*columns));
        Q_EMIT columnChanged(PointColumn::Lifted);
        Q_EMIT stateChanged();
      });
}

void PointLayers::updateVisibility() {
  if (!wants({PointLayer::Reason}) || !document_.scene() || document_.frameIndex() < 0) return;
  if (!std::exchange(visibility_is_stale_, false)) return;
  DepthTolerance tolerance;
  tolerance.absolute_m = document_.tolerance_m();
  reason_runner_.start<std::vector<std::uint8_t>>(
      [visibility = frame_visibility_,
       depth = depth(),
       frame = static_cast<std::size_t>(document_.frameIndex()),
       tolerance](const Job&) { return visibility->compute(depth, frame, tolerance); },
      [this](Result<std::vector<std::uint8_t>> reasons) {
        if (!reasons) {
          reasons_.clear();
          return setProblem(PointLayer::Reason, reasons.error());
        }
        problems_.erase(PointLayer::Reason);
        reasons_ = std::move(*reasons);
        Q_EMIT columnChanged(PointColumn::Reason);
        Q_EMIT stateChanged();
      });
}

std::shared_ptr<PointLayers::Depth> PointLayers::depth() {
  if (!depth_) {
    const SharedScene& scene = document_.scene();
    depth_ = std::shared_ptr<Depth>(new Depth{scene, ReferenceDepth(*scene, document_.depthSource())});
  }
  return depth_;
}

void PointLayers::setProblem(PointLayer layer, const Error& error) {
  problems_[layer] = QString::fromStdString(error.message);
  Q_EMIT stateChanged();
}

bool PointLayers::has(PointLayer layer) const {
  if (!document_.scene()) return false;
  const bool has_truth = !document_.scene()->point_labels.empty();
  switch (layer) {
    case PointLayer::Rgb:
      return true;
    case PointLayer::Truth:
      return has_truth;
    case PointLayer::Cam:
    case PointLayer::Prediction:
    case PointLayer::Confidence:
      return document_.cams() && cams_;
    case PointLayer::Error:
      return document_.cams() && cams_ && has_truth;
    case PointLayer::LiftedCam:
      return document_.cams() && lifted_;
    case PointLayer::Disagreement:
      return document_.cams() && cams_ && lifted_;
    case PointLayer::Reason:
      return !reasons_.empty();
    case PointLayer::Segment:
      return segments_ && !segments_->rows.empty();
  }
  return false;
}

bool PointLayers::isBusy() const {
  const bool needs_lift = wants({PointLayer::LiftedCam, PointLayer::Disagreement});
  return cam_runner_.isBusy() || (needs_lift && (lift_runner_.isBusy() || lift_soon_.isActive())) ||
         (wants({PointLayer::Reason}) && reason_runner_.isBusy()) ||
         (wants({PointLayer::Segment}) && segment_runner_.isBusy());
}

QString PointLayers::note(PointLayer layer) const {
  if (has(layer) || !document_.scene()) return {};
  const PointLayer made = layer == PointLayer::Disagreement ? PointLayer::LiftedCam : layer;
  if (const auto found = problems_.find(made); found != problems_.end()) return found->second;
  return missing(layer);
}

QString PointLayers::missing(PointLayer layer) const {
  const bool has_truth = !document_.scene()->point_labels.empty();
  switch (layer) {
    case PointLayer::Truth:
      return tr("This scene has no labels");
    case PointLayer::Reason:
      return document_.frameIndex() < 0 ? tr("This scene has no frames") : tr("Judging the frame…");
    case PointLayer::Segment:
      if (document_.scene()->points().size() == 0) return tr("This scene has no points");
      return document_.scene()->mesh.triangles.empty() ? tr("Dividing the cloud… %1 %").arg(segment_percent_)
                                                       : tr("Dividing the surface…");
    case PointLayer::Error:
      if (!has_truth) return tr("This scene has no labels");
      break;
    default:
      break;
  }
  if (!document_.cams()) return tr("Train, or open a run, to see it");
  const bool lifts = layer == PointLayer::LiftedCam || layer == PointLayer::Disagreement;
  if (lifts && document_.cams()->frames.empty()) return tr("The run has no 2D CAMs of this scene");
  return lifts ? tr("Lifting the 2D CAMs… %1 %").arg(lift_percent_) : tr("Preparing…");
}

QString PointLayers::segmentSource() const {
  if (!has(PointLayer::Segment)) return {};
  if (segments_->scan.problem) return tr("Computed: the scan's own cannot be used");
  switch (segments_->scan.source) {
    case ScanSegments::Source::Scan:
      return tr("The scan's own segments");
    case ScanSegments::Source::Surface:
      return tr("Computed from the surface");
    case ScanSegments::Source::Points:
      return tr("Computed from the points");
  }
  return {};
}

std::vector<std::uint32_t> PointLayers::segmentOf(std::size_t point) const {
  if (!has(PointLayer::Segment) || point >= segments_->scan.of_point.size()) return {};
  const auto& of_point = segments_->scan.of_point;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < of_point.size(); ++i) {
    if (of_point[i] == of_point[point]) rows.push_back(i);
  }
  return rows;
}

HeatRange PointLayers::extent(PointLayer layer) const {
  const auto class_index = static_cast<std::size_t>(document_.classIndex());
  if (!has(layer)) return {};
  if (layer == PointLayer::Disagreement) return disagreementExtent(cams_->cam[class_index], (*lifted_)[class_index]);
  if (layer == PointLayer::Cam) return cams_->cam[class_index].extent;
  if (layer == PointLayer::LiftedCam) return (*lifted_)[class_index].extent;
  return {};
}

std::span<const std::uint8_t> PointLayers::bytes(PointColumn column) const {
  switch (column) {
    case PointColumn::Prediction:
      return document_.cams() && cams_ ? std::span<const std::uint8_t>(document_.cams()->point_labels)
                                       : std::span<const std::uint8_t>();
    case PointColumn::Confidence:
      return cams_ ? std::span<const std::uint8_t>(cams_->confidence) : std::span<const std::uint8_t>();
    case PointColumn::Segment:
      return segments_ ? std::span<const std::uint8_t>(segments_->rows) : std::span<const std::uint8_t>();
    case PointColumn::Reason:
      return reasons_;
    default:
      return {};
  }
}

std::span<const std::uint16_t> PointLayers::values(PointColumn column) const {
  const auto class_index = static_cast<std::size_t>(document_.classIndex());
  if (column == PointColumn::Cam && cams_) return cams_->cam[class_index].values;
  if (column == PointColumn::Lifted && lifted_) return (*lifted_)[class_index].values;
  return {};
}

}  // namespace tagscape
