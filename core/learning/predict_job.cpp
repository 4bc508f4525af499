#include "core/learning/predict_job.h"

#include "core/base/log.h"
#include "core/cam/cam_values.h"
#include "core/learning/scene_predictor.h"
#include "core/learning/trained_networks.h"
#include "core/train/scene_tags.h"

#include <fmt/format.h>

#include <optional>

namespace tagscape {
namespace {

/// FNV-1a over names and values: enough to tell weights apart, not to withstand anybody.
std::uint64_t fingerprint(const TensorFile& weights) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto take = [&](const char* bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) hash = (hash ^ static_cast<unsigned char>(bytes[i])) * 0x100000001b3ULL;
  };
  for (const auto& [name, blob] : weights.tensors) {
    take(name.data(), name.size());
    take(reinterpret_cast<const char*>(blob.bytes.data()), blob.bytes.size());
  }
  return hash;
}

std::string originOf(const Checkpoint& checkpoint, const PredictOptions& options) {
  return fmt::format("step {}, weights {:016x}, {} tags, {} vote(s), {} passes at most, seed {}, {}{}",
                     checkpoint.step,
                     fingerprint(checkpoint.weights),
                     options.use_tags ? "with" : "without",
                     options.votes,
                     options.max_passes,
                     options.seed,
                     options.frames ? describe(options.views) : "no frames",
                     options.keep_logits ? ", logits kept" : "");
}

}  // namespace

struct Predictor::Impl {
  Networks networks;
  PredictOptions options;
  std::int64_t step;
  std::string origin;

  Result<FrameCams> predictFrame(const Scene& scene, std::size_t index, const std::optional<TagSet>& tags) {
    TAGSCAPE_ASSIGN(const RgbImage color, scene.pixels->color(index));
    TAGSCAPE_ASSIGN(const MapsOfViews maps, predictFrameMaps(networks, color, options.views));
    FrameCams cams = frameCams(scene.frames[index].number, maps, tags);
    if (options.keep_logits) cams.logits = maps.logits();
    return cams;
  }

  Result<std::vector<FrameCams>> predictFrames(const Scene& scene,
                                               const std::optional<TagSet>& scene_tags,
                                               const Job& job) {
    std::vector<FrameCams> all;
    for (std::size_t i = 0; i < scene.frames.size(); ++i) {
      TAGSCAPE_TRY(job.checkStop("the prediction"));
      job.report("predicting frames", static_cast<std::int64_t>(i), static_cast<std::int64_t>(scene.frames.size()));
      const Frame& frame = scene.frames[i];
      if (!frame.has_color) continue;
      const bool own_tags = scene_tags && frame.tags && frame.tags->any();
      auto cams = predictFrame(scene, i, own_tags ? frame.tags : scene_tags);
      if (cams) {
        all.push_back(std::move(*cams));
      } else if (cams.error().code == ErrorCode::Internal) {
        return fail(cams.error());
      } else {
        log::warn(fmt::format("frame {} is left out: {}", frame.number, cams.error().message));
      }
    }
    return all;
  }
};

Predictor::Predictor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;
Predictor::~Predictor() = default;

const std::string& Predictor::origin() const { return impl_->origin; }

Result<Predictor> Predictor::open(const std::filesystem::path& run_folder, const PredictOptions& options) {
  TAGSCAPE_TRY(checkFrameViews(options.views));
  TAGSCAPE_ASSIGN(auto opened, openTrainedNetworks(run_folder, options.device, options.num_threads, options.seed));
  return Predictor(std::make_unique<Impl>(
      Impl{std::move(opened.networks), options, opened.checkpoint.step, originOf(opened.checkpoint, options)}));
}

Result<SceneCams> Predictor::predict(const SharedScene& scene, const Job& job) {
  const PredictOptions& options = impl_->options;
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
  cams.scene_path = scene->path.string();
  cams.origin = impl_->origin;
  cams.step = impl_->step;
  cams.uses_tags = tags.has_value();
  TAGSCAPE_ASSIGN(std::vector<float> logits,
                  predictPointLogits(impl_->networks, *scene, {options.votes, options.max_passes, options.seed}, job));
  cams.point_values = camOfPoints(logits, tags);
  cams.point_labels = labelsOfPoints(logits, tags);
  clearLabelsOfNonFinite(scene->points(), cams.point_labels);
  if (options.keep_logits) cams.point_logits = std::move(logits);
  if (options.frames) {
    TAGSCAPE_ASSIGN(cams.frames, impl_->predictFrames(*scene, tags, job));
  }
  job.report("predicting", 1, 1);
  return cams;
}

Result<SceneCams> predictScene(const std::filesystem::path& run_folder,
                               const SharedScene& scene,
                               const PredictOptions& options,
                               const Job& job) {
  TAGSCAPE_ASSIGN(Predictor predictor, Predictor::open(run_folder, options));
  return predictor.predict(scene, job);
}

}  // namespace tagscape
