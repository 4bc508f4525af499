#include "core/workflows/evaluate_job.h"

#include "core/cam/cam_values.h"
#include "core/pipeline/point_truth.h"
#include "core/scene/scene_tags.h"
#include "core/workflows/evaluation_metrics.h"
#include "core/workflows/scan_label_store.h"
#include "core/workflows/scene_predictor.h"
#include "core/workflows/trained_networks.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace {

constexpr std::size_t at(EvaluationProtocol protocol) { return static_cast<std::size_t>(protocol); }

/// Errors: InvalidInput if there is nothing to compare with.
Status checkHasLabels(const Scene& scene, const std::vector<std::size_t>& frames) {
  if (!scene.point_labels.empty() || !frames.empty()) return {};
  return failFile(ErrorCode::InvalidInput,
                  scene.path,
                  fmt::format("scene '{}' has no labels to compare with", scene.name),
                  "Name a scene with a .labels.ply, segments and aggregation, or label images");
}

/// The scene as it is evaluated: where its points have no labels, the annotated pixels that see them vote.
Result<SharedScene> evaluatedScene(const SharedScene& scene, Evaluation& result, const Job& job) {
  TAGSCAPE_ASSIGN(SharedScene evaluated, withTruthOfPoints(scene, job));
  if (evaluated != scene) ++result.num_voted;
  result.num_scenes = 1;
  return evaluated;
}

/// Errors: InvalidInput if labels are of another number of points.
Status checkSameCloud(const Scene& scene, std::size_t num_labels, std::string_view what, std::string_view remedy) {
  if (num_labels == scene.points().size()) return {};
  return failFile(ErrorCode::InvalidInput,
                  scene.path,
                  fmt::format("scene '{}' has {} points, {} {}", scene.name, scene.points().size(), what, num_labels),
                  remedy);
}

/// Labels of a frame as they are evaluated.
Result<Image<std::uint8_t>> truthOf(const Scene& scene, std::size_t index) {
  TAGSCAPE_ASSIGN(const auto labels, scene.pixels->labels(index));
  return resizedNearest(labels, kEvaluationWidth, kEvaluationHeight);
}

/// Evaluates frame after frame; those that cannot be evaluated are skipped with the reason.
/// @param evaluate  takes a place in Scene::frames.
template <class Evaluate>
Status evaluateEachFrame(const Scene& scene,
                         const std::vector<std::size_t>& frames,
                         Evaluation& result,
                         const Job& job,
                         const Evaluate& evaluate) {
  for (std::size_t k = 0; k < frames.size(); ++k) {
    TAGSCAPE_TRY(job.checkStop("the evaluation"));
    job.report("evaluating frames", static_cast<std::int64_t>(k), static_cast<std::int64_t>(frames.size()));
    Status evaluated = evaluate(frames[k]);
    if (evaluated) {
      ++result.num_frames;
      continue;
    }
    if (evaluated.error().code == ErrorCode::Internal) return evaluated;
    result.skipped.push_back(
        fmt::format("scene '{}', frame {}: {}", scene.name, scene.frames[frames[k]].number, evaluated.error().message));
  }
  return {};
}

/// Predictions of points without logits, for the protocols that they were made for.
void evaluatePredictedPoints(const Scene& scene, const SceneCams& cams, Evaluation& result) {
  const EvaluationProtocol labels = cams.uses_tags ? EvaluationProtocol::WithTags : EvaluationProtocol::WithoutTags;
  evaluatePointLabels(scene, labelsOfPrediction(cams), labels, result);
  if (cams.uses_tags) evaluatePointCams(scene, cams.point_values, result);
}

Status evaluatePredictedFrame(const Scene& scene,
                              std::size_t index,
                              const SceneCams& cams,
                              const std::optional<TagSet>& scene_tags,
                              Evaluation& result) {
  const FrameCams* frame = cams.frame(scene.frames[index].number);
  if (frame == nullptr) return fail(ErrorCode::NotFound, "it was not predicted");
  TAGSCAPE_ASSIGN(const auto truth, truthOf(scene, index));
  const auto tags = tagsOfFrame(scene.frames[index], scene_tags);
  FrameScores scores{frame->width, frame->height, frame->grid, frame->logits, {}};
  std::vector<float> cam;
  if (cams.uses_tags) scores.cams = frame->values;
  if (!cams.uses_tags && !frame->logits.empty()) scores.cams = cam = camOfFrame(frame->logits, tags);
  evaluateFrameScores(truth, scores, tags, result);
  return {};
}

/// A run's labels of the very scan that it was trained on. Frames are masked by the scene's tags: their own have had
/// their say, and some of those may be missing.
Result<Evaluation> evaluateScanLabels(const Scene& scene,
                                      const SceneCams& labels,
                                      const TagSet& tags,
                                      const std::vector<std::size_t>& frames,
                                      const Job& job) {
  Evaluation result;
  if (!scene.point_labels.empty()) {
    evaluatePointLogits(scene, labels.point_logits, tags, result);
    evaluatePointCams(scene, labels.point_values, result);
  }
  TAGSCAPE_TRY(evaluateEachFrame(scene, frames, result, job, [&](std::size_t index) -> Status {
    const FrameCams* frame = labels.frame(scene.frames[index].number);
    if (frame == nullptr) return fail(ErrorCode::NotFound, "the run has no labels of it");
    TAGSCAPE_ASSIGN(const auto truth, truthOf(scene, index));
    evaluateFrameScores(truth, {frame->width, frame->height, frame->grid, frame->logits, frame->values}, tags, result);
    return {};
  }));
  return result;
}

/// Labels made from tags count for the protocols with tags.
void replaceProtocolsWithTags(const Evaluation& labels, Evaluation& result) {
  for (const EvaluationProtocol protocol : kEvaluationProtocols) {
    if (protocol == EvaluationProtocol::WithoutTags) continue;
    result.points[at(protocol)] = labels.points[at(protocol)];
    result.frames[at(protocol)] = labels.frames[at(protocol)];
  }
  result.point_cams = labels.point_cams;
  result.frame_cams = labels.frame_cams;
}

}  // namespace

Evaluation& Evaluation::operator+=(const Evaluation& other) {
  for (std::size_t i = 0; i < kEvaluationProtocols.size(); ++i) {
    points[i] += other.points[i];
    frames[i] += other.frames[i];
  }
  point_cams += other.point_cams;
  frame_cams += other.frame_cams;
  num_scenes += other.num_scenes;
  num_voted += other.num_voted;
  num_frames += other.num_frames;
  skipped.insert(skipped.end(), other.skipped.begin(), other.skipped.end());
  return *this;
}

std::vector<ResultRow> Evaluation::rows(const std::string& name, const std::string& split) const {
  std::vector<ResultRow> rows;
  for (const char* domain : {"2D", "3D"}) {
    for (const EvaluationProtocol protocol : kEvaluationProtocols) {
      const Confusion& confusion = std::string_view(domain) == "2D" ? frames[at(protocol)] : points[at(protocol)];
      if (confusion.total() == 0) continue;
      ResultRow row = rowOf(confusion);
      row.name = name;
      row.domain = domain;
      row.split = split;
      row.protocol = nameOf(protocol);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

struct Evaluator::Impl {
  Networks networks;
  EvaluateOptions options;
  std::int64_t step;
  std::filesystem::path run_folder;

  Status evaluatePoints(const Scene& scene, const std::optional<TagSet>& tags, Evaluation& result, const Job& job) {
    TAGSCAPE_ASSIGN(const std::vector<float> logits,
                    predictPointLogits(networks, scene, {options.votes, options.max_passes, options.seed}, job));
    evaluatePointLogits(scene, logits, tags, result);
    return {};
  }

  Status evaluateFrame(const Scene& scene,
                       std::size_t index,
                       const std::optional<TagSet>& scene_tags,
                       Evaluation& result) {
    TAGSCAPE_ASSIGN(const RgbImage color, scene.pixels->color(index));
    TAGSCAPE_ASSIGN(const auto truth, truthOf(scene, index));
    TAGSCAPE_ASSIGN(const MultiScaleLogits predicted, predictFrameLogits(networks, color, options.views));
    const auto tags = tagsOfFrame(scene.frames[index], scene_tags);
    const auto logits = predicted.mean();
    const auto cam = camOfFrame(predicted.activations(), tags);
    evaluateFrameScores(truth, {predicted.width(), predicted.height(), predicted.grid(), logits, cam}, tags, result);
    return {};
  }
};

Evaluator::Evaluator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;
Evaluator::~Evaluator() = default;

Result<Evaluator> Evaluator::open(const std::filesystem::path& run_folder, const EvaluateOptions& options) {
  if (options.every_frame < 0)
    return fail(ErrorCode::InvalidInput, "Every -1st frame cannot be evaluated. Choose 0 for none, 1 for all, or more");
  TAGSCAPE_TRY(checkFrameViews(options.views));
  TAGSCAPE_ASSIGN(auto opened, openTrainedNetworks(run_folder, options.device, options.num_threads, options.seed));
  return Evaluator(
      std::make_unique<Impl>(Impl{std::move(opened.networks), options, opened.checkpoint.step, run_folder}));
}

std::int64_t Evaluator::step() const { return impl_->step; }

Result<Evaluation> Evaluator::evaluate(const SharedScene& given, const Job& job) {
  Evaluation result;
  TAGSCAPE_ASSIGN(const SharedScene scene, evaluatedScene(given, result, job));
  const auto frames = framesToEvaluate(*scene, impl_->options.every_frame);
  TAGSCAPE_TRY(checkHasLabels(*scene, frames));
  const auto tags = tagsForEvaluation(*scene, result);
  if (!scene->point_labels.empty()) TAGSCAPE_TRY(impl_->evaluatePoints(*scene, tags, result, job));
  TAGSCAPE_TRY(evaluateEachFrame(*scene, frames, result, job, [&](std::size_t index) {
    return impl_->evaluateFrame(*scene, index, tags, result);
  }));
  const auto labels = tags ? readScanLabels(impl_->run_folder, *scene) : std::nullopt;
  if (labels) {
    TAGSCAPE_ASSIGN(const Evaluation of_labels, evaluateScanLabels(*scene, *labels, *tags, frames, job));
    replaceProtocolsWithTags(of_labels, result);
  }
  return result;
}

Result<Evaluation> evaluatePrediction(const SharedScene& given,
                                      const SceneCams& cams,
                                      int every_frame,
                                      const Job& job) {
  Evaluation result;
  TAGSCAPE_ASSIGN(const SharedScene scene, evaluatedScene(given, result, job));
  const auto frames = framesToEvaluate(*scene, every_frame);
  TAGSCAPE_TRY(checkHasLabels(*scene, frames));
  TAGSCAPE_TRY(checkSameCloud(*scene, cams.numPoints(), "its prediction", "Predict it again from the same files"));
  const auto tags = tagsForEvaluation(*scene, result);
  if (!scene->point_labels.empty() && !cams.point_logits.empty())
    evaluatePointLogits(*scene, cams.point_logits, tags, result);
  if (!scene->point_labels.empty() && cams.point_logits.empty()) evaluatePredictedPoints(*scene, cams, result);
  TAGSCAPE_TRY(evaluateEachFrame(*scene, frames, result, job, [&](std::size_t index) {
    return evaluatePredictedFrame(*scene, index, cams, tags, result);
  }));
  return result;
}

Result<Evaluation> evaluateLabels(const SharedScene& given, const PointLabels& labels, const Job& job) {
  Evaluation result;
  TAGSCAPE_ASSIGN(const SharedScene scene, evaluatedScene(given, result, job));
  TAGSCAPE_TRY(checkHasLabels(*scene, {}));
  TAGSCAPE_TRY(checkSameCloud(*scene, labels.size(), labels.name(), "Name labels of the same mesh"));
  evaluatePointLabels(*scene, labels, EvaluationProtocol::Given, result);
  return result;
}

}  // namespace tagscape
