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

/// Rows of each pass: the shuffled cloud cut into pieces, so that every point is in one; the last piece is filled up
/// with others, whose logits are averaged.
std::vector<std::vector<std::uint32_t>> passesOver(std::vector<std::uint32_t> rows,
                                                   std::size_t size,
                                                   int max_passes,
                                                   Random random) {
  random.shuffle(rows);
  std::vector<std::vector<std::uint32_t>> passes;
  for (std::size_t begin = 0; begin < rows.size(); begin += size) {
    if (max_passes > 0 && passes.size() == static_cast<std::size_t>(max_passes)) break;
    const std::size_t end = std::min(rows.size(), begin + size);
    auto& pass = passes.emplace_back(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                                     rows.begin() + static_cast<std::ptrdiff_t>(end));
    while (pass.size() < size) pass.push_back(rows[random.below(rows.size())]);
  }
  return passes;
}

/// Averaged logits of all points, [N, kNumClasses].
Result<std::vector<float>> predictPoints(Networks& networks,
                                         const Scene& scene,
                                         const PredictOptions& options,
                                         const Job& job) {
  const PointCloud& points = scene.points();
  const std::vector<std::uint32_t> usable = finiteRows(points);
  if (usable.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    scene.path,
                    fmt::format("scene '{}' has no points", scene.name),
                    "Fuse its depth maps first, or name a scan with a mesh.");
  }
  const float floor_z_m = floorHeight(points, usable);
  const auto passes = passesOver(usable,
                                 static_cast<std::size_t>(networks.description().points_per_cloud),
                                 options.max_passes,
                                 Random(options.seed).fork("prediction"));
  std::vector<float> sums(points.size() * kNumClasses, 0.F);
  std::vector<float> counts(points.size(), 0.F);
  for (std::size_t pass = 0; pass < passes.size(); ++pass) {
    TAGSCAPE_TRY(job.checkStop("the prediction"));
    job.report("predicting points", static_cast<std::int64_t>(pass), static_cast<std::int64_t>(passes.size()));
    const PreparedCloud cloud = prepareCloud(points, passes[pass], floor_z_m);
    TAGSCAPE_ASSIGN(const std::vector<float> logits, networks.pointLogits(cloud));
    for (std::size_t i = 0; i < cloud.rows.size(); ++i) {
      counts[cloud.rows[i]] += 1;
      for (std::size_t c = 0; c < kNumClasses; ++c)
        sums[cloud.rows[i] * kNumClasses + c] += logits[i * kNumClasses + c];
    }
  }
  std::vector<std::uint32_t> covered;
  std::vector<float> means;
  for (const std::uint32_t row : usable) {
    if (counts[row] == 0) continue;
    covered.push_back(row);
    for (std::size_t c = 0; c < kNumClasses; ++c) means.push_back(sums[row * kNumClasses + c] / counts[row]);
  }
  return NearestSpread(points, covered).spread(means);
}

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
  TAGSCAPE_ASSIGN(const std::vector<float> logits, predictPoints(networks, *scene, options, job));
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
