#include "ui/services/observing_frame_finder.h"

#include "core/geometry/frame_probe.h"
#include "core/geometry/reference_depth.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

constexpr int kSoon_ms = 400;
constexpr int kGrowing_ms = 500;
constexpr std::size_t kMaxBytes = std::size_t{256} << 20;

/// The stride of indexed frames that fits into memory.
std::size_t strideFor(const Scene& scene) {
  const std::size_t bytes = scene.points().size() / 8 * scene.frames.size();
  return bytes / kMaxBytes + 1;
}

Result<std::monostate> fill(const SharedScene& scene,
                            VisibilityIndex& index,
                            DepthSource source,
                            const DepthTolerance& tolerance,
                            const Job& job) {
  ReferenceDepth reference(*scene, source);
  VisibilityResult visibility;
  const std::size_t stride = strideFor(*scene);
  for (std::size_t i = 0; i < scene->frames.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop("Looking for observing_frame frames"));
    const Frame& frame = scene->frames[i];
    if (i % stride != 0 || !frame.world_from_camera) {
      index.addBlind(i);
      continue;
    }
    const auto depth = reference.of(i);
    if (!depth) {
      index.addBlind(i);  // A broken depth map is reported when the frame is displayed.
      continue;
    }
    const FrameView view{frame.world_from_camera, scene->color_intrinsics, depth->camera, &depth->image};
    computeVisibility(scene->points().positions_m, view, tolerance, visibility);
    index.add(i, visibility);
  }
  return std::monostate();
}

float disagreement(const Document& document, int frame_index, std::uint32_t row, const Eigen::Vector3f& position_m) {
  constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  if (!document.cams()) return kUnknown;
  const Scene& scene = *document.scene();
  const Frame& frame = scene.frames[static_cast<std::size_t>(frame_index)];
  const FrameCams* cams = document.cams()->frame(frame.number);
  if (!cams) return kUnknown;
  const Intrinsics& color = scene.color_intrinsics;
  const PointVisibility visibility =
      FrameProbe({frame.world_from_camera, color, color, nullptr}, {}).visibilityOf(position_m, {});
  const float in_2d =
      camAt(*cams, document.classIndex(), visibility.pixel.x(), visibility.pixel.y(), color.width, color.height);
  const float in_3d =
      document.cams()->point_values[std::size_t{row} * kNumClasses + static_cast<std::size_t>(document.classIndex())];
  return std::abs(in_2d - in_3d);
}

}  // namespace

ObservingFrameFinder::ObservingFrameFinder(Document& document, QObject* parent) : QObject(parent), document_(document) {
  soon_.setSingleShot(true);
  soon_.setInterval(kSoon_ms);
  growing_.setInterval(kGrowing_ms);
  connect(&soon_, &QTimer::timeout, this, &ObservingFrameFinder::build);
  connect(&growing_, &QTimer::timeout, this, &ObservingFrameFinder::indexGrew);
  connect(&document, &Document::sceneChanged, this, &ObservingFrameFinder::startSoon);
  connect(&document, &Document::toleranceChanged, this, &ObservingFrameFinder::startSoon);
  connect(&document, &Document::depthSourceChanged, this, &ObservingFrameFinder::startSoon);
  connect(&document.link(), &ViewLink::focusChanged, this, &ObservingFrameFinder::find);
  connect(&document, &Document::classChanged, this, &ObservingFrameFinder::find);
  connect(&document, &Document::camsChanged, this, &ObservingFrameFinder::find);
}

void ObservingFrameFinder::startSoon() {
  runner_.drop();
  index_.reset();
  document_.link().setVisibilityIndex({});
  growing_.stop();
  if (document_.numFrames() > 0) soon_.start();
}

void ObservingFrameFinder::build() {
  const SharedScene scene = document_.scene();
  if (!scene) return;
  index_ = std::make_shared<VisibilityIndex>(scene->points().size(), scene->frames.size());
  index_scene_ = scene;
  const DepthTolerance tolerance = document_.tolerance();
  document_.link().setVisibilityIndex(index_);
  growing_.start();
  runner_.start<std::monostate>([scene, index = index_, source = document_.depthSource(), tolerance](
                                    const Job& job) { return fill(scene, *index, source, tolerance, job); },
                                [this](const Result<std::monostate>&) {
                                  growing_.stop();
                                  indexGrew();
                                });
}

void ObservingFrameFinder::indexGrew() {
  document_.link().setVisibilityIndex(index_);
  find();
}

void ObservingFrameFinder::find() {
  const auto& focus = document_.link().focus();
  std::vector<ObservingFrame> observing_frames;
  if (focus && focus->row && index_ && index_scene_ == document_.scene()) {
    for (const std::size_t frame : index_->framesSeeing(*focus->row)) {
      const int frame_index = static_cast<int>(frame);
      observing_frames.push_back({frame_index, disagreement(document_, frame_index, *focus->row, focus->position_m)});
    }
  }
  document_.link().setObservingFrames(std::move(observing_frames));
}

}  // namespace tagscape
