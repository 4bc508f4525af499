#include "core/learning/judging.h"

#include "core/cam/cam_values.h"
#include "core/cam/map_labels.h"
#include "core/learning/scene_predictor.h"
#include "core/train/scene_tags.h"

#include <fmt/format.h>

namespace tagscape {
namespace {

constexpr std::size_t at(Readout readout) { return static_cast<std::size_t>(readout); }

}  // namespace

void judgePointLogits(const Scene& scene,
                      std::span<const float> logits,
                      const std::optional<TagSet>& tags,
                      Evaluation& result) {
  const auto judge = [&](Readout readout, std::vector<std::uint8_t> labels) {
    clearLabelsOfNonFinite(scene.points(), labels);
    result.points[at(readout)].add(scene.point_labels, labels);
  };
  judge(Readout::WithoutTags, labelsOfPoints(logits, std::nullopt));
  if (!tags) return;
  judge(Readout::WithTags, labelsOfPoints(logits, tags));
  judgePointCams(scene, camOfPoints(logits, tags), result);
}

void judgePointCams(const Scene& scene, std::span<const float> cams, Evaluation& result) {
  auto labels = labelsOfPointCam(cams);
  clearLabelsOfNonFinite(scene.points(), labels);
  result.points[at(Readout::Cam)].add(scene.point_labels, labels);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float value = labels[i] < kNumClasses ? cams[i * kNumClasses + labels[i]] : 0.F;
    result.point_cams.add(scene.point_labels[i], labels[i], value);
  }
}

void judgeFrameMaps(const Image<std::uint8_t>& truth,
                    const JudgedMaps& maps,
                    const std::optional<TagSet>& tags,
                    Evaluation& result) {
  const auto judgeLogits = [&](Readout readout, const std::optional<TagSet>& with) {
    result.frames[at(readout)].add(
        truth.pixels, labelsOfFrame(maps.logits, maps.width, maps.height, truth.width, truth.height, with).pixels);
  };
  if (!maps.logits.empty()) judgeLogits(Readout::WithoutTags, std::nullopt);
  if (!tags) return;
  if (!maps.logits.empty()) judgeLogits(Readout::WithTags, tags);
  if (maps.cams.empty()) return;
  std::vector<float> values;
  const auto labels = largestClass(
      maps.cams, maps.width, maps.height, truth.width, truth.height, std::nullopt, /*needs_value=*/true, &values);
  result.frames[at(Readout::Cam)].add(truth.pixels, labels.pixels);
  for (std::size_t i = 0; i < values.size(); ++i) result.frame_cams.add(truth.pixels[i], labels.pixels[i], values[i]);
}

std::optional<TagSet> tagsToJudgeWith(const Scene& scene, Evaluation& result) {
  if (const auto resolved = resolveTags(scene)) return resolved->scene;
  result.skipped.push_back(fmt::format("scene '{}' has no tags, so it is judged without tags only", scene.name));
  return std::nullopt;
}

std::optional<TagSet> tagsOfFrame(const Frame& frame, const std::optional<TagSet>& scene_tags) {
  return scene_tags && frame.tags && frame.tags->any() ? frame.tags : scene_tags;
}

std::vector<std::size_t> framesToJudge(const Scene& scene, int every_frame) {
  std::vector<std::size_t> chosen;
  std::size_t num_labelled = 0;
  for (std::size_t i = 0; every_frame > 0 && i < scene.frames.size(); ++i) {
    if (!scene.frames[i].has_labels || !scene.frames[i].has_color) continue;
    if (num_labelled++ % static_cast<std::size_t>(every_frame) == 0) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace tagscape
