#include "ui/services/frame_workspace.h"

#include "core/geometry/project_values.h"
#include "ui/render/image_layers.h"
#include "ui/services/frame_decoder.h"

#include <algorithm>
#include <limits>

namespace tagscape {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Pixel values as numbers; `none` becomes NaN.
Image<float> asNumbers(const Image<std::uint8_t>& image, std::uint8_t none) {
  Image<float> numbers(image.width, image.height, 1);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    numbers.pixels[i] = image.pixels[i] == none ? kNan : static_cast<float>(image.pixels[i]);
  }
  return numbers;
}

Image<std::uint8_t> asLabels(const Image<float>& numbers) {
  Image<std::uint8_t> labels(numbers.width, numbers.height, 1, kNoClass);
  for (std::size_t i = 0; i < numbers.pixels.size(); ++i) {
    if (numbers.pixels[i] >= 0) labels.pixels[i] = static_cast<std::uint8_t>(numbers.pixels[i]);
  }
  return labels;
}

/// Depth resampled to the pixels of the colour image, to align with overlays. Both cameras have the same pose.
DepthImage asColorSees(const DepthView& depth, const Intrinsics& color) {
  if (color.width <= 0 || color.height <= 0) return depth.image;
  const FrameProbe probe({std::nullopt, color, depth.camera, nullptr}, depth.image);
  DepthImage seen(color.width, color.height, 1);
  for (int y = 0; y < color.height; ++y) {
    for (int x = 0; x < color.width; ++x) seen.at(x, y) = probe.depthAt(static_cast<float>(x), static_cast<float>(y));
  }
  return seen;
}

void addProblem(FramePicture& picture, const std::string& problem) {
  if (picture.problem.find(problem) != std::string::npos) return;
  picture.problem += (picture.problem.empty() ? "" : "\n") + problem;
}

bool isOfCams(FrameOverlay kind) {
  return kind != FrameOverlay::None && kind != FrameOverlay::Occlusion && kind != FrameOverlay::Labels;
}

bool same(const DepthTolerance& a, const DepthTolerance& b) {
  return a.absolute_m == b.absolute_m && a.relative == b.relative;
}

}  // namespace

FrameWorkspace::FrameWorkspace(std::shared_ptr<FrameDecoder> decoder)
    : decoder_(decoder ? std::move(decoder) : std::make_shared<FrameDecoder>()) {}

void FrameWorkspace::prepare(const FrameRequest& request) {
  if (scene_ != request.scene) {
    *this = FrameWorkspace(decoder_);
    scene_ = request.scene;
    spacing_m_ = meshSpacing_m(scene_->mesh);
    decoder_->setScene(scene_);
  }
  if (!reference_ || reference_->source() != request.depth_source) {
    reference_ = std::make_unique<ReferenceDepth>(*scene_, request.depth_source);
    visibility_.reset();
    depth_.reset();
  }
  if (frame_index_ != request.frame_index) {
    frame_index_ = request.frame_index;
    visibility_.reset();
    depth_.reset();
  }
}

Result<FramePicture> FrameWorkspace::make(const FrameRequest& request, const Job& job) {
  TAGSCAPE_TRY(job.checkStop("Loading the frame"));
  prepare(request);
  FramePicture picture;
  picture.frame_index = request.frame_index;
  loadBase(request, picture);
  TAGSCAPE_TRY(job.checkStop("Loading the frame"));
  picture.first = overlay(request, request.overlay, picture);
  picture.overlay = picture.first.image;
  if (request.is_swiped) picture.second = overlay(request, request.compared_overlay, picture);
  return picture;
}

Result<FrameAnswers> FrameWorkspace::answers(const FrameRequest& request, const Job& job) {
  TAGSCAPE_TRY(job.checkStop("Preparing the frame"));
  prepare(request);
  FrameAnswers answers{probe(request), nullptr};
  TAGSCAPE_TRY(job.checkStop("Preparing the frame"));
  const Intrinsics& color = scene_->color_intrinsics;
  if (computeFrameVisibility(request))
    answers.points = std::make_shared<const FramePoints>(*visibility_, color.width, color.height);
  return answers;
}

std::shared_ptr<const FrameProbe> FrameWorkspace::probe(const FrameRequest& request) {
  const auto depth_view = depth(request);
  FrameView view{scene_->frames[request.frame_index].world_from_camera,
                 scene_->color_intrinsics,
                 scene_->color_intrinsics,
                 nullptr};
  // Points have pixels even without depth.
  if (!depth_view) return std::make_shared<const FrameProbe>(view, DepthImage());
  view.depth = (*depth_view)->camera;
  return std::make_shared<const FrameProbe>(view, (*depth_view)->image);
}

void FrameWorkspace::loadBase(const FrameRequest& request, FramePicture& picture) {
  if (request.base == FrameBase::Color) {
    const auto frame = decoder_->get(request.frame_index);
    picture.color = frame->color;
    picture.problem = frame->problem;
  } else if (const auto depth_view = depth(request)) {
    picture.depth_m = asColorSees(**depth_view, scene_->color_intrinsics);
    picture.color = depthPicture(picture.depth_m, request.heat_map);
  } else {
    picture.problem = depth_view.error().message;
  }
}

Result<const DepthView*> FrameWorkspace::depth(const FrameRequest& request) {
  if (!depth_) {
    TAGSCAPE_ASSIGN(depth_, reference_->of(request.frame_index));
  }
  return &*depth_;
}

Status FrameWorkspace::computeFrameVisibility(const FrameRequest& request) {
  if (visibility_) {
    if (!same(visibility_tolerance_, request.tolerance)) applyTolerance(*visibility_, request.tolerance);
    visibility_tolerance_ = request.tolerance;
    return {};
  }
  const Frame& frame = scene_->frames[request.frame_index];
  if (!frame.world_from_camera) {
    return fail(ErrorCode::NotFound,
                tr("This frame has no pose, so points cannot be projected into it.").toStdString());
  }
  TAGSCAPE_ASSIGN(const DepthView* depth_view, depth(request));
  const FrameView view{frame.world_from_camera, scene_->color_intrinsics, depth_view->camera, &depth_view->image};
  visibility_ = computeVisibility(scene_->points().positions_m, view, request.tolerance);
  visibility_tolerance_ = request.tolerance;
  return {};
}

OverlayPicture FrameWorkspace::overlay(const FrameRequest& request, FrameOverlay kind, FramePicture& picture) {
  OverlayPicture made;
  if (kind == FrameOverlay::Truth) {
    made = truth(request, picture);
  } else if (kind == FrameOverlay::Labels && !request.labels) {
    picture.note = tr("No project is open. Begin one or open one in the menu Labels.").toStdString();
  } else if (isOfCams(kind) && !request.cams) {
    picture.note = tr("No CAMs yet. Train, predict or open a run.").toStdString();
  } else if (kind == FrameOverlay::Cam2d || kind == FrameOverlay::PseudoLabel) {
    made = cam2d(request, kind, picture);
  } else if (kind != FrameOverlay::None) {
    if (const Status judged = computeFrameVisibility(request); !judged) {
      addProblem(picture, judged.error().message);
    } else {
      made = kind == FrameOverlay::Occlusion ? occlusion(picture)
             : kind == FrameOverlay::Labels  ? labels(request)
                                             : projected(request, kind);
    }
  }
  made.kind = kind;
  return made;
}

QSize FrameWorkspace::imageSize(const FramePicture& picture) const {
  const Intrinsics& color = scene_->color_intrinsics;
  if (color.width > 0 && color.height > 0) return {color.width, color.height};
  return picture.color.size();
}

OverlayPicture FrameWorkspace::cam2d(const FrameRequest& request, FrameOverlay kind, FramePicture& picture) const {
  const FrameCams* cams = request.cams->frame(scene_->frames[request.frame_index].number);
  const QSize size = imageSize(picture);
  OverlayPicture made;
  if (!cams || size.isEmpty()) {
    picture.note = tr("This frame has no 2D CAM yet. Predict it.").toStdString();
    return made;
  }
  if (kind == FrameOverlay::PseudoLabel) {
    const auto labels = pseudoLabels(*cams, request.cam_threshold, size.width(), size.height());
    made.image = classPicture(labels, request.palette, request.hidden_classes);
    made.values = asNumbers(labels, kNoClass);
    return made;
  }
  made.values = enlargeCam(*cams, request.class_index, size.width(), size.height());
  made.image = heatPicture(made.values, request.cam_threshold, request.heat_map, request.heat_range);
  return made;
}

OverlayPicture FrameWorkspace::truth(const FrameRequest& request, FramePicture& picture) const {
  OverlayPicture made;
  if (!scene_->frames[request.frame_index].has_labels) {
    picture.note = tr("This frame has no label image.").toStdString();
    return made;
  }
  const auto labels = scene_->pixels->labels(request.frame_index);
  if (!labels) {
    addProblem(picture, labels.error().message);
    return made;
  }
  made.image = classPicture(*labels, request.palette, request.hidden_classes);
  made.values = asNumbers(*labels, kNoClass);
  return made;
}

OverlayPicture FrameWorkspace::projected(const FrameRequest& request, FrameOverlay kind) const {
  const std::size_t num_points = scene_->points().size();
  const bool is_label = kind == FrameOverlay::Prediction;
  std::vector<float> values(num_points);
  for (std::size_t i = 0; i < num_points; ++i) {
    const std::uint8_t label = request.cams->point_labels[i];
    values[i] = is_label ? (label == kNoClass ? kNan : static_cast<float>(label))
                         : request.cams->point_values[i * kNumClasses + static_cast<std::size_t>(request.class_index)];
  }
  OverlayPicture made;
  made.values = inFrame(values);
  made.image = is_label ? classPicture(asLabels(made.values), request.palette, request.hidden_classes)
                        : heatPicture(made.values, request.cam_threshold, request.heat_map, request.heat_range);
  return made;
}

OverlayPicture FrameWorkspace::labels(const FrameRequest& request) const {
  std::vector<float> values(request.labels->size());
  std::transform(request.labels->begin(), request.labels->end(), values.begin(), [](std::uint8_t label) {
    return label == kNoClass ? kNan : static_cast<float>(label);
  });
  OverlayPicture made;
  made.values = inFrame(values);
  made.image = labelPicture(asLabels(made.values), request.label_colors);
  made.value_names = request.label_names;
  return made;
}

Image<float> FrameWorkspace::inFrame(const std::vector<float>& values) const {
  const Intrinsics& color = scene_->color_intrinsics;
  return projectValues(*visibility_, values, color, color.width, color.height, spacing_m_);
}

OverlayPicture FrameWorkspace::occlusion(FramePicture& picture) const {
  const Intrinsics& color = scene_->color_intrinsics;
  const auto reasons = projectReasons(*visibility_, color, color.width, color.height, spacing_m_);
  std::array<std::size_t, kNumVisibilities> counts{};
  for (const Visibility reason : visibility_->reason) ++counts[static_cast<std::size_t>(reason)];
  picture.reason_counts = counts;
  OverlayPicture made;
  made.image = reasonPicture(reasons);
  made.values = asNumbers(reasons, 255);
  return made;
}

}  // namespace tagscape
