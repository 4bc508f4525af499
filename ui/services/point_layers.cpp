#include "ui/services/point_layers.h"

#include "core/pipeline/scene_superpoints.h"
#include "ui/services/layer_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tagscape {
namespace {

constexpr int kLiftSoon_ms = 250;

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

/// Keeps alive the scene that the reference depth uses.
struct PointLayers::Depth {
  SharedScene scene;
  ReferenceDepth reference;
};

/// The state of the current frame; used by one worker at a time.
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

struct PointLayers::Superpoints {
  SceneSuperpoints superpoints;
  std::vector<std::uint8_t> rows;
};

PointLayers::PointLayers(Document& document, QObject* parent)
    : QObject(parent), document_(document), frame_visibility_(std::make_shared<FrameVisibility>()) {
  lift_soon_.setSingleShot(true);
  lift_soon_.setInterval(kLiftSoon_ms);
  connect(&lift_soon_, &QTimer::timeout, this, &PointLayers::makeWanted);
  connect(&document, &Document::sceneChanged, this, &PointLayers::forgetScene);
  connect(&document, &Document::camsChanged, this, &PointLayers::packCamsAgain);
  connect(&document, &Document::classChanged, this, &PointLayers::renewLayersOfClass);
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
  connect(&document.link(), &ViewLink::visibilityIndexChanged, this, [this] {
    const auto& index = document_.link().visibilityIndex();
    num_known_frames_ = index ? index->numKnown() : 0;  // The index keeps growing.
    drop(LayerNeed::VisibilityIndex);
    if (!wants(LayerNeed::VisibilityIndex)) return;
    renew(LayerNeed::VisibilityIndex);
    Q_EMIT stateChanged();
  });
  connect(&document.labels(), &ShownLabels::replaced, this, &PointLayers::followLabels);
  connect(&document.labels(), &ShownLabels::changed, this, &PointLayers::patchLabels);
  const auto count = [this](JobRunner& runner, int& percent) {
    connect(&runner, &JobRunner::progressed, this, [this, &percent](const Progress& progress) {
      percent = progress.total > 0 ? static_cast<int>(100 * progress.done / progress.total) : 0;
      Q_EMIT progressed();
    });
  };
  count(lift_runner_, lift_percent_);
  count(superpoint_runner_, superpoint_percent_);
}

void PointLayers::setWanted(const std::set<PointLayer>& layers) {
  if (wanted_ == layers) return;
  const bool knew_index = wants(LayerNeed::VisibilityIndex);
  wanted_ = layers;
  makeWanted();
  // Growth was not signalled while the layer was not wanted.
  if (!knew_index && wants(LayerNeed::VisibilityIndex)) renew(LayerNeed::VisibilityIndex);
  Q_EMIT stateChanged();
}

bool PointLayers::wants(LayerNeed need) const {
  return std::any_of(
      wanted_.begin(), wanted_.end(), [need](PointLayer layer) { return rowOf(layer).isMadeFrom(need); });
}

void PointLayers::makeWanted() {
  if (!document_.scene()) return;
  if (wants(LayerNeed::LiftedCams)) updateLiftedCams();
  if (wants(LayerNeed::FrameVisibility)) updateVisibility();
  if (wants(LayerNeed::Superpoints)) divide();
}

void PointLayers::drop(LayerNeed need) {
  for (const ColorLayer& row : colorLayers()) {
    if (!row.isMadeFrom(need)) continue;
    made_columns_.erase({row.id});
    made_ranges_.erase({row.id});
  }
}

void PointLayers::renew(LayerNeed need) {
  drop(need);
  for (const ColorLayer& row : colorLayers()) {
    if (row.hasColumn() && row.isMadeFrom(need)) Q_EMIT columnChanged({row.id});
  }
}

void PointLayers::renewLayersOfClass() {
  for (const ColorLayer& row : colorLayers()) {
    if (!row.is_of_class) continue;
    made_columns_.erase({row.id});
    made_ranges_.erase({row.id});
  }
  for (const ColorLayer& row : colorLayers()) {
    if (row.hasColumn() && row.is_of_class) Q_EMIT columnChanged({row.id});
  }
}

void PointLayers::divide() {
  if (superpoints_ || superpoint_runner_.isBusy()) return;
  superpoint_percent_ = 0;
  superpoint_runner_.start<Superpoints>(
      [scene = document_.scene(),
       source = uses_scan_superpoints_ ? SuperpointSource::ScanFile
                                       : SuperpointSource::Shape](const Job& job) -> Result<Superpoints> {
        TAGSCAPE_ASSIGN(SceneSuperpoints superpoints, sceneSuperpoints(*scene, source, job));
        std::vector<std::uint8_t> rows = packSuperpoints(superpoints.of_point);
        return Superpoints{std::move(superpoints), std::move(rows)};
      },
      [this](Result<Superpoints> superpoints) {
        if (!superpoints) return setProblem(LayerNeed::Superpoints, superpoints.error());
        superpoints_ = std::make_shared<const Superpoints>(std::move(*superpoints));
        renew(LayerNeed::Superpoints);
        Q_EMIT stateChanged();
        if (superpoints_->superpoints.problem) document_.addWarning(*superpoints_->superpoints.problem);
      });
}

void PointLayers::setUsesScanSuperpoints(bool uses) {
  if (std::exchange(uses_scan_superpoints_, uses) == uses) return;
  superpoint_runner_.drop();
  superpoints_.reset();
  problems_.erase(LayerNeed::Superpoints);
  renew(LayerNeed::Superpoints);
  if (document_.scene()) makeWanted();
  Q_EMIT stateChanged();
}

void PointLayers::forgetScene() {
  for (JobRunner* runner : {&cam_runner_, &lift_runner_, &reason_runner_, &superpoint_runner_}) runner->drop();
  cams_.reset();
  lifted_.reset();
  depth_.reset();
  superpoints_.reset();
  reasons_.clear();
  problems_.clear();
  made_columns_.clear();
  made_ranges_.clear();
  lift_is_old_ = visibility_is_stale_ = true;
  makeWanted();
  Q_EMIT stateChanged();
}

void PointLayers::packCamsAgain() {
  lift_is_old_ = true;
  drop(LayerNeed::Prediction);
  if (!document_.cams()) {
    cam_runner_.drop();
    lift_runner_.drop();
    cams_.reset();
    lifted_.reset();
    drop(LayerNeed::LiftedCams);
    return Q_EMIT stateChanged();
  }
  cam_runner_.start<CamColumns>([cams = document_.cams()](const Job&) -> Result<CamColumns> { return packCams(*cams); },
                                [this](Result<CamColumns> columns) {
                                  if (!columns) return setProblem(LayerNeed::Prediction, columns.error());
                                  cams_ = std::make_shared<const CamColumns>(std::move(*columns));
                                  renew(LayerNeed::Prediction);
                                  Q_EMIT stateChanged();
                                });
  makeWanted();
}

void PointLayers::updateLiftedCams() {
  const auto cams = document_.cams();
  if (!cams || cams->frames.empty() || !std::exchange(lift_is_old_, false)) return;
  lift_percent_ = 0;
  problems_.erase(LayerNeed::LiftedCams);
  const DepthTolerance tolerance = document_.tolerance();
  lift_runner_.start<ClassColumns>(
      [scene = document_.scene(), cams, depth = depth(), tolerance](const Job& job) -> Result<ClassColumns> {
        TAGSCAPE_ASSIGN(const LiftedCams lifted,
                        liftCams(*scene, *cams, classesToLift(*scene, *cams), depth->reference, tolerance, job));
        return packLifted(lifted);
      },
      [this](Result<ClassColumns> columns) {
        if (!columns) return setProblem(LayerNeed::LiftedCams, columns.error());
        lifted_ = std::make_shared<const ClassColumns>(std::move(*columns));
        renew(LayerNeed::LiftedCams);
        Q_EMIT stateChanged();
      });
}

void PointLayers::updateVisibility() {
  if (!wants(LayerNeed::FrameVisibility) || !document_.scene() || document_.frameIndex() < 0) return;
  if (!std::exchange(visibility_is_stale_, false)) return;
  const DepthTolerance tolerance = document_.tolerance();
  reason_runner_.start<std::vector<std::uint8_t>>(
      [visibility = frame_visibility_,
       depth = depth(),
       frame = static_cast<std::size_t>(document_.frameIndex()),
       tolerance](const Job&) { return visibility->compute(depth, frame, tolerance); },
      [this](Result<std::vector<std::uint8_t>> reasons) {
        if (!reasons) {
          reasons_.clear();
          drop(LayerNeed::FrameVisibility);
          return setProblem(LayerNeed::FrameVisibility, reasons.error());
        }
        problems_.erase(LayerNeed::FrameVisibility);
        reasons_ = std::move(*reasons);
        renew(LayerNeed::FrameVisibility);
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

void PointLayers::setProblem(LayerNeed need, const Error& error) {
  problems_[need] = QString::fromStdString(error.message);
  Q_EMIT stateChanged();
}

bool PointLayers::has(PointLayer layer) const {
  const auto& needs = rowOf(layer).needs;
  return document_.scene() && std::all_of(needs.begin(), needs.end(), [this](LayerNeed need) { return has(need); });
}

bool PointLayers::has(LayerNeed need) const {
  switch (need) {
    case LayerNeed::Nothing:
      return true;
    case LayerNeed::Truth:
      return !document_.scene()->point_labels.empty();
    case LayerNeed::Prediction:
      return document_.cams() && cams_;
    case LayerNeed::LiftedCams:
      return document_.cams() && lifted_;
    case LayerNeed::FrameVisibility:
      return !reasons_.empty();
    case LayerNeed::Superpoints:
      return superpoints_ && !superpoints_->rows.empty();
    case LayerNeed::VisibilityIndex:
      return document_.link().visibilityIndex() != nullptr;
    case LayerNeed::Labels:
      return document_.labels().layer() && document_.labels().layer()->size() == document_.scene()->points().size();
  }
  return false;
}

bool PointLayers::isIndexGrowing() const { return num_known_frames_ < static_cast<std::size_t>(document_.numFrames()); }

bool PointLayers::isBusy() const {
  return cam_runner_.isBusy() || (wants(LayerNeed::LiftedCams) && (lift_runner_.isBusy() || lift_soon_.isActive())) ||
         (wants(LayerNeed::FrameVisibility) && reason_runner_.isBusy()) ||
         (wants(LayerNeed::Superpoints) && superpoint_runner_.isBusy()) ||
         (wants(LayerNeed::VisibilityIndex) && isIndexGrowing());
}

QString PointLayers::superpointSource() const {
  if (!has(PointLayer::Superpoints)) return {};
  if (superpoints_->superpoints.problem) return tr("Computed: the scan's own cannot be used");
  if (superpoints_->superpoints.source == SuperpointSource::ScanFile) return tr("The scan's own superpoints");
  return uses_scan_superpoints_ ? tr("Computed: the scan has none of its own") : tr("Computed, as for training");
}

std::vector<std::uint32_t> PointLayers::pointsOfSuperpointAt(std::size_t point) const {
  if (!has(PointLayer::Superpoints) || point >= superpoints_->superpoints.of_point.size()) return {};
  const auto& of_point = superpoints_->superpoints.of_point;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < of_point.size(); ++i) {
    if (of_point[i] == of_point[point]) rows.push_back(i);
  }
  return rows;
}

LayerInputs PointLayers::inputs() const {
  LayerInputs inputs;
  inputs.class_index = static_cast<std::size_t>(document_.classIndex());
  if (!document_.scene()) return inputs;
  inputs.truth = document_.scene()->point_labels;
  inputs.visibilities = reasons_;
  inputs.visibility_index = document_.link().visibilityIndex();
  if (has(LayerNeed::Labels)) {
    inputs.labels = document_.labels().layer()->labels();
    inputs.coverage = coverage_;
    inputs.instance_rows = instance_rows_;
  }
  if (superpoints_) inputs.superpoint_rows = superpoints_->rows;
  if (!document_.cams()) return inputs;
  inputs.predicted = document_.cams();
  inputs.cams = cams_;
  inputs.lifted = lifted_;
  return inputs;
}

const ColumnData& PointLayers::column(PointLayer layer) const {
  const ColorLayer& row = rowOf(layer);
  static const ColumnData kNone;
  if (!row.hasColumn() || !has(layer)) return kNone;
  const auto found = made_columns_.find(layer);
  if (found != made_columns_.end()) return found->second;
  return made_columns_.emplace(layer, row.column.data(inputs())).first->second;
}

HeatRange PointLayers::range(PointLayer layer) const {
  const ColorLayer& row = rowOf(layer);
  if (!row.range || !has(layer)) return {};
  const auto found = made_ranges_.find(layer);
  if (found != made_ranges_.end()) return found->second;
  return made_ranges_.emplace(layer, row.range(inputs(), column(layer))).first->second;
}

}  // namespace tagscape
