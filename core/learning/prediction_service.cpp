#include "core/learning/prediction_service.h"

#include "core/base/log.h"
#include "core/cam/cam_values.h"
#include "core/learning/scene_predictor.h"
#include "core/learning/train_checkpoint.h"
#include "core/run/run_directory.h"
#include "core/train/scene_tags.h"
#include "core/train/threads.h"

#include <fmt/format.h>

#include <utility>

namespace tagscape {

Result<PredictionService> PredictionService::create(const std::filesystem::path& run_folder,
                                                    const PredictOptions& options) {
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(run_folder));
  TAGSCAPE_ASSIGN(const Checkpoint checkpoint, readNewestCheckpoint(run.checkpointFolder()));
  log::debug(setLearningThreads(options.num_threads).reason);
  TAGSCAPE_ASSIGN(Networks networks, Networks::create(checkpoint.networks, options.device, options.seed));
  TAGSCAPE_TRY(networks.setWeights(checkpoint.weights, checkpoint.file));
  return PredictionService(std::move(networks), options, checkpoint.step);
}

std::optional<TagSet> PredictionService::tagsOf(const Scene& scene) const {
  if (!options_.use_tags) return std::nullopt;
  if (const auto resolved = resolveTags(scene)) return resolved->scene;
  log::warn(fmt::format("scene '{}' has no tags: no class is masked", scene.name));
  return std::nullopt;
}

SceneCams PredictionService::emptyCams(const Scene& scene, const std::optional<TagSet>& tags) const {
  SceneCams cams;
  cams.scene_name = scene.name;
  cams.step = step_;
  cams.uses_tags = tags.has_value();
  return cams;
}

Result<SceneCams> PredictionService::scene(const SharedScene& scene, const Job& job) {
  const std::optional<TagSet> tags = tagsOf(*scene);
  SceneCams cams = emptyCams(*scene, tags);
  TAGSCAPE_ASSIGN(std::vector<float> logits,
                  predictPointLogits(networks_, *scene, options_.max_passes, options_.seed, job));
  cams.point_values = camOfPoints(logits, tags);
  cams.point_labels = labelsOfPoints(logits, tags);
  clearLabelsOfNonFinite(scene->points(), cams.point_labels);
  if (options_.keep_logits) cams.point_logits = std::move(logits);
  if (options_.frames) {
    TAGSCAPE_ASSIGN(cams.frames, allFrames(*scene, tags, job));
  }
  job.report("predicting", 1, 1);
  return cams;
}

Result<SceneCams> PredictionService::frame(const SharedScene& scene, std::size_t frame_index) {
  if (frame_index >= scene->frames.size()) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("scene '{}' has no frame at place {}; it has {} frames. Choose another",
                            scene->name,
                            frame_index,
                            scene->frames.size()));
  }
  const std::optional<TagSet> tags = tagsOf(*scene);
  SceneCams cams = emptyCams(*scene, tags);
  TAGSCAPE_ASSIGN(FrameCams frame, frameOf(*scene, frame_index, tags));
  cams.frames.push_back(std::move(frame));
  return cams;
}

Result<FrameCams> PredictionService::frameOf(const Scene& scene,
                                             std::size_t frame_index,
                                             const std::optional<TagSet>& scene_tags) {
  const Frame& frame = scene.frames[frame_index];
  TAGSCAPE_ASSIGN(const RgbImage color, scene.pixels->color(frame_index));
  TAGSCAPE_ASSIGN(const FrameMaps maps,
                  networks_.frameMaps(
                      resizedForNetwork(color, networks_.description().image_long_side_px, networks_.imageStride())));
  const bool own_tags = scene_tags && frame.tags && frame.tags->any();
  return frameCams(frame.number, maps, own_tags ? frame.tags : scene_tags);
}

Result<std::vector<FrameCams>> PredictionService::allFrames(const Scene& scene,
                                                            const std::optional<TagSet>& scene_tags,
                                                            const Job& job) {
  std::vector<FrameCams> all;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop("the prediction"));
    job.report("predicting frames", static_cast<std::int64_t>(i), static_cast<std::int64_t>(scene.frames.size()));
    if (!scene.frames[i].has_color) continue;
    auto frame = frameOf(scene, i, scene_tags);
    if (!frame && frame.error().code == ErrorCode::Internal) return fail(frame.error());
    if (!frame) {
      log::warn(fmt::format("frame {} is left out: {}", scene.frames[i].number, frame.error().message));
      continue;
    }
    all.push_back(std::move(*frame));
  }
  return all;
}

}  // namespace tagscape
