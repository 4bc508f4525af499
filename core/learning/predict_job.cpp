#include "core/learning/predict_job.h"

#include "core/base/log.h"
#include "core/base/random.h"
#include "core/cam/cam_values.h"
#include "core/learning/scene_predictor.h"
#include "core/learning/train_checkpoint.h"
#include "core/run/run_directory.h"
#include "core/train/scene_tags.h"
#include "core/train/threads.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace tagscape {
namespace {

Result<std::vector<FrameCams>> predictFrames(Networks& networks,
                                             const Scene& scene,
                                             const std::optional<TagSet>& scene_tags,
                                             const Job& job) {
  std::vector<FrameCams> all;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop("the prediction"));
    job.report("predicting frames", static_cast<std::int64_t>(i), static_cast<std::int64_t>(scene.frames.size()));
    const Frame& frame = scene.frames[i];
    if (!frame.has_color) continue;
    const auto color = scene.pixels->color(i);
    if (!color) {
      log::warn(fmt::format("frame {} is left out: {}", frame.number, color.error().message));
      continue;
    }
    TAGSCAPE_ASSIGN(const FrameMaps maps,
                    networks.frameMaps(
                        resizedForNetwork(*color, networks.description().image_long_side_px, networks.imageStride())));
    const bool own_tags = scene_tags && frame.tags && frame.tags->any();
    all.push_back(frameCams(frame.number, maps, own_tags ? frame.tags : scene_tags));
  }
  return all;
}

}  // namespace

Result<SceneCams> predictScene(const std::filesystem::path& run_folder,
                               const SharedScene& scene,
                               const PredictOptions& options,
                               const Job& job) {
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(run_folder));
  TAGSCAPE_ASSIGN(const Checkpoint checkpoint, readNewestCheckpoint(run.checkpointFolder()));
  log::debug(setLearningThreads(options.num_threads).reason);
  TAGSCAPE_ASSIGN(Networks networks, Networks::create(checkpoint.networks, options.device, options.seed));
  TAGSCAPE_TRY(networks.setWeights(checkpoint.weights, checkpoint.file));

  std::optional<TagSet> tags;
  if (options.use_tags) {
    const auto resolved = resolveTags(*scene);
    if (resolved) {
      tags = resolved->scene;
    } else {
      log::warn(fmt::format("scene '{}' has no tags: no class is masked", scene->name));
    }
  }
  SceneCams cams;
  cams.scene_name = scene->name;
  cams.step = checkpoint.step;
  cams.uses_tags = tags.has_value();
  TAGSCAPE_ASSIGN(const std::vector<float> logits,
                  predictPointLogits(networks, *scene, options.max_passes, options.seed, job));
  cams.point_values = camOfPoints(logits, tags);
  cams.point_labels = labelsOfPoints(logits, tags);
  clearLabelsOfNonFinite(scene->points(), cams.point_labels);
  if (options.frames) {
    TAGSCAPE_ASSIGN(cams.frames, predictFrames(networks, *scene, tags, job));
  }
  job.report("predicting", 1, 1);
  return cams;
}

}  // namespace tagscape
