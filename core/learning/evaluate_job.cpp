#include "core/learning/evaluate_job.h"

#include "core/base/log.h"
#include "core/cam/cam_values.h"
#include "core/learning/scene_predictor.h"
#include "core/learning/train_checkpoint.h"
#include "core/run/run_directory.h"
#include "core/train/scene_tags.h"
#include "core/train/threads.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace {

// ScanNet's 2D evaluation compares at this size.
constexpr int kJudgedWidth = 640;
constexpr int kJudgedHeight = 480;

constexpr std::size_t at(Readout readout) { return static_cast<std::size_t>(readout); }

bool hasFrameLabels(const Scene& scene) {
  return std::any_of(scene.frames.begin(), scene.frames.end(), [](const Frame& frame) { return frame.has_labels; });
}

}  // namespace

Evaluation& Evaluation::operator+=(const Evaluation& other) {
  for (std::size_t i = 0; i < kReadouts.size(); ++i) {
    points[i] += other.points[i];
    frames[i] += other.frames[i];
  }
  num_scenes += other.num_scenes;
  num_frames += other.num_frames;
  skipped.insert(skipped.end(), other.skipped.begin(), other.skipped.end());
  return *this;
}

std::vector<ResultRow> Evaluation::rows(const std::string& name, const std::string& split) const {
  std::vector<ResultRow> rows;
  for (const char* domain : {"2D", "3D"}) {
    for (const Readout readout : kReadouts) {
      const Confusion& confusion = std::string_view(domain) == "2D" ? frames[at(readout)] : points[at(readout)];
      if (confusion.total() == 0) continue;
      ResultRow row = rowOf(confusion);
      row.name = name;
      row.domain = domain;
      row.split = split;
      row.readout = nameOf(readout);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

struct Evaluator::Impl {
  Networks networks;
  EvaluateOptions options;
  std::int64_t step;

  Status judgePoints(const Scene& scene, const std::optional<TagSet>& tags, Evaluation& result, const Job& job) {
    TAGSCAPE_ASSIGN(const std::vector<float> logits,
                    predictPointLogits(networks, scene, options.max_passes, options.seed, job));
    const auto judge = [&](Readout readout, std::vector<std::uint8_t> labels) {
      clearLabelsOfNonFinite(scene.points(), labels);
      result.points[at(readout)].add(scene.point_labels, labels);
    };
    judge(Readout::WithoutTags, labelsOfPoints(logits, std::nullopt));
    if (!tags) return {};
    judge(Readout::WithTags, labelsOfPoints(logits, tags));
    judge(Readout::Cam, labelsOfPointCam(camOfPoints(logits, tags)));
    return {};
  }

  Status judgeFrame(const Scene& scene, std::size_t index, const std::optional<TagSet>& tags, Evaluation& result) {
    TAGSCAPE_ASSIGN(const RgbImage color, scene.pixels->color(index));
    TAGSCAPE_ASSIGN(const auto labels, scene.pixels->labels(index));
    const auto truth = resizedNearest(labels, kJudgedWidth, kJudgedHeight);
    TAGSCAPE_ASSIGN(const FrameMaps maps,
                    networks.frameMaps(
                        resizedForNetwork(color, networks.description().image_long_side_px, networks.imageStride())));
    const auto labelled = [&](const std::optional<TagSet>& with) {
      return labelsOfFrame(maps.logits, maps.width, maps.height, kJudgedWidth, kJudgedHeight, with).pixels;
    };
    result.frames[at(Readout::WithoutTags)].add(truth.pixels, labelled(std::nullopt));
    if (tags) {
      result.frames[at(Readout::WithTags)].add(truth.pixels, labelled(tags));
      const auto cam = camOfFrame(maps.logits, tags);
      result.frames[at(Readout::Cam)].add(
          truth.pixels, labelsOfFrameCam(cam, maps.width, maps.height, kJudgedWidth, kJudgedHeight).pixels);
    }
    ++result.num_frames;
    return {};
  }

  Status judgeFrames(const Scene& scene, const std::optional<TagSet>& tags, Evaluation& result, const Job& job) {
    std::vector<std::size_t> labelled;
    for (std::size_t i = 0; i < scene.frames.size(); ++i) {
      if (scene.frames[i].has_labels && scene.frames[i].has_color) labelled.push_back(i);
    }
    for (std::size_t k = 0; k < labelled.size(); k += static_cast<std::size_t>(options.every_frame)) {
      TAGSCAPE_TRY(job.checkStop("the evaluation"));
      job.report("judging frames", static_cast<std::int64_t>(k), static_cast<std::int64_t>(labelled.size()));
      const Frame& frame = scene.frames[labelled[k]];
      const bool own_tags = tags && frame.tags && frame.tags->any();
      Status judged = judgeFrame(scene, labelled[k], own_tags ? frame.tags : tags, result);
      if (judged) continue;
      if (judged.error().code == ErrorCode::Internal) return judged;
      result.skipped.push_back(
          fmt::format("scene '{}', frame {}: {}", scene.name, frame.number, judged.error().message));
    }
    return {};
  }
};

Evaluator::Evaluator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;
Evaluator::~Evaluator() = default;

Result<Evaluator> Evaluator::open(const std::filesystem::path& run_folder, const EvaluateOptions& options) {
  if (options.every_frame < 0)
    return fail(ErrorCode::InvalidInput, "Every -1st frame cannot be judged. Choose 0 for none, 1 for all, or more");
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(run_folder));
  TAGSCAPE_ASSIGN(const Checkpoint checkpoint, readNewestCheckpoint(run.checkpointFolder()));
  log::debug(setLearningThreads(options.num_threads).reason);
  TAGSCAPE_ASSIGN(Networks networks, Networks::create(checkpoint.networks, options.device, options.seed));
  TAGSCAPE_TRY(networks.setWeights(checkpoint.weights, checkpoint.file));
  return Evaluator(std::make_unique<Impl>(Impl{std::move(networks), options, checkpoint.step}));
}

std::int64_t Evaluator::step() const { return impl_->step; }

Result<Evaluation> Evaluator::evaluate(const SharedScene& scene, const Job& job) {
  const bool judges_frames = impl_->options.every_frame > 0 && hasFrameLabels(*scene);
  if (scene->point_labels.empty() && !judges_frames) {
    return failFile(ErrorCode::InvalidInput,
                    scene->path,
                    fmt::format("scene '{}' has no labels to compare with", scene->name),
                    "Name a scene with a .labels.ply, segments and aggregation, or label images");
  }
  Evaluation result;
  std::optional<TagSet> tags;
  if (const auto resolved = resolveTags(*scene)) {
    tags = resolved->scene;
  } else {
    result.skipped.push_back(fmt::format("scene '{}' has no tags, so it is judged without tags only", scene->name));
  }
  if (!scene->point_labels.empty()) TAGSCAPE_TRY(impl_->judgePoints(*scene, tags, result, job));
  if (judges_frames) TAGSCAPE_TRY(impl_->judgeFrames(*scene, tags, result, job));
  result.num_scenes = 1;
  return result;
}

}  // namespace tagscape
