#include "core/workflows/evaluation_metrics.h"

#include "core/cam/cam_values.h"
#include "core/cam/map_labels.h"
#include "core/scene/scene_tags.h"
#include "core/workflows/scene_predictor.h"

#include <fmt/format.h>

namespace tagscape {
namespace {

constexpr std::size_t at(EvaluationProtocol protocol) { return static_cast<std::size_t>(protocol); }

/// Counts classes of points, of which those that are not finite have none.
void count(const Scene& scene, std::vector<std::uint8_t> classes, EvaluationProtocol protocol, Evaluation& result) {
  clearLabelsOfNonFinite(scene.points(), classes);
  result.points[at(protocol)].add(scene.point_labels, classes);
}

}  // namespace

void evaluatePointLabels(const Scene& scene,
                         const PointLabels& labels,
                         EvaluationProtocol protocol,
                         Evaluation& result) {
  count(scene, labels.classes(), protocol, result);
}

void evaluatePointLogits(const Scene& scene,
                         std::span<const float> logits,
                         const std::optional<TagSet>& tags,
                         Evaluation& result) {
  count(scene, labelsOfPoints(logits, std::nullopt), EvaluationProtocol::WithoutTags, result);
  if (!tags) return;
  count(scene, labelsOfPoints(logits, tags), EvaluationProtocol::WithTags, result);
  evaluatePointCams(scene, camOfPoints(logits, tags), result);
}

void evaluatePointCams(const Scene& scene, std::span<const float> cams, Evaluation& result) {
  auto labels = labelsOfPointCam(cams);
  clearLabelsOfNonFinite(scene.points(), labels);
  result.points[at(EvaluationProtocol::Cam)].add(scene.point_labels, labels);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float value = labels[i] < kNumClasses ? cams[i * kNumClasses + labels[i]] : 0.F;
    result.point_cams.add(scene.point_labels[i], labels[i], value);
  }
}

void evaluateFrameScores(const Image<std::uint8_t>& truth,
                         const FrameScores& maps,
                         const std::optional<TagSet>& tags,
                         Evaluation& result) {
  const auto evaluateLogits = [&](EvaluationProtocol protocol, const std::optional<TagSet>& with) {
    result.frames[at(protocol)].add(
        truth.pixels,
        labelsOfFrame({maps.logits, maps.width, maps.height, maps.grid}, truth.width, truth.height, with).pixels);
  };
  if (!maps.logits.empty()) evaluateLogits(EvaluationProtocol::WithoutTags, std::nullopt);
  if (!tags) return;
  if (!maps.logits.empty()) evaluateLogits(EvaluationProtocol::WithTags, tags);
  if (maps.cams.empty()) return;
  std::vector<float> values;
  const auto labels = largestClass({maps.cams, maps.width, maps.height, maps.grid},
                                   truth.width,
                                   truth.height,
                                   std::nullopt,
                                   /*needs_value=*/true,
                                   &values);
  result.frames[at(EvaluationProtocol::Cam)].add(truth.pixels, labels.pixels);
  for (std::size_t i = 0; i < values.size(); ++i) result.frame_cams.add(truth.pixels[i], labels.pixels[i], values[i]);
}

std::optional<TagSet> tagsForEvaluation(const Scene& scene, Evaluation& result) {
  if (const auto tags = tagsOfScene(scene)) return tags;
  result.skipped.push_back(fmt::format("scene '{}' has no tags, so it is evaluated without tags only", scene.name));
  return std::nullopt;
}

std::vector<std::size_t> framesToEvaluate(const Scene& scene, int every_frame) {
  std::vector<std::size_t> chosen;
  std::size_t num_labelled = 0;
  for (std::size_t i = 0; every_frame > 0 && i < scene.frames.size(); ++i) {
    if (!scene.frames[i].has_labels || !scene.frames[i].has_color) continue;
    if (num_labelled++ % static_cast<std::size_t>(every_frame) == 0) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace tagscape
