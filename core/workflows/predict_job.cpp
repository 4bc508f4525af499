#include "core/workflows/predict_job.h"

#include "core/base/log.h"
#include "core/cam/cam_values.h"
#include "core/scene/scene_tags.h"
#include "core/workflows/scan_label_store.h"
#include "core/workflows/scene_predictor.h"
#include "core/workflows/trained_networks.h"

#include <fmt/format.h>

#include <optional>

namespace tagscape {
namespace {

/// FNV-1a over names and values: distinguishes weights, not cryptographic.
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
  std::filesystem::path run_folder;

  /// Scene tags, where tags are to be used and there are any.
  [[nodiscard]] std::optional<TagSet> tagsOf(const Scene& scene) const {
    if (!options.use_tags) return std::nullopt;
    if (const auto tags = tagsOfScene(scene)) return tags;
    log::warn(fmt::format("scene '{}' has no tags: no class is masked", scene.name));
    return std::nullopt;
  }

  [[nodiscard]] SceneCams emptyCams(const Scene& scene, const std::optional<TagSet>& tags) const {
    SceneCams cams;
    cams.scene_name = scene.name;
    cams.scene_path = scene.path.string();
    cams.origin = origin;
    cams.step = step;
    cams.uses_tags = tags.has_value();
    return cams;
  }

  /// @param scene_tags  what masks frames without tags of their own; none where nothing is masked.
  Result<FrameCams> predictFrame(const Scene& scene, std::size_t index, const std::optional<TagSet>& scene_tags) {
    const Frame& frame = scene.frames[index];
    TAGSCAPE_ASSIGN(const RgbImage color, scene.pixels->color(index));
    TAGSCAPE_ASSIGN(const MultiScaleLogits logits, predictFrameLogits(networks, color, options.views));
    FrameCams cams = frameCams(frame.number, logits, tagsOfFrame(frame, scene_tags));
    if (options.keep_logits) cams.logits = logits.mean();
    return cams;
  }

  /// The run's own labels of a scan that it was trained on, masked by the scene's tags.
  [[nodiscard]] SceneCams fromLabels(const Scene& scene, SceneCams labels, const TagSet& tags, SceneCams cams) const {
    cams.point_values = camOfPoints(labels.point_logits, tags);
    cams.point_labels = labelsOfPoints(labels.point_logits, tags);
    clearLabelsOfNonFinite(scene.points(), cams.point_labels);
    if (options.keep_logits) cams.point_logits = std::move(labels.point_logits);
    for (const Frame& frame : scene.frames) {
      const FrameCams* found = options.frames ? labels.frame(frame.number) : nullptr;
      if (found == nullptr) continue;
      cams.frames.push_back(*found);
      cams.frames.back().values = camOfFrame(found->logits, tags);
      if (!options.keep_logits) cams.frames.back().logits.clear();
    }
    return cams;
  }

  Result<std::vector<FrameCams>> predictFrames(const Scene& scene,
                                               const std::optional<TagSet>& scene_tags,
                                               const Job& job) {
    std::vector<FrameCams> all;
    for (std::size_t i = 0; i < scene.frames.size(); ++i) {
      TAGSCAPE_TRY(job.checkStop("the prediction"));
      job.report("predicting frames", static_cast<std::int64_t>(i), static_cast<std::int64_t>(scene.frames.size()));
      if (!scene.frames[i].has_color) continue;
      auto cams = predictFrame(scene, i, scene_tags);
      if (cams) {
        all.push_back(std::move(*cams));
      } else if (cams.error().code == ErrorCode::Internal) {
        return fail(cams.error());
      } else {
        log::warn(fmt::format("frame {} is left out: {}", scene.frames[i].number, cams.error().message));
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
std::int64_t Predictor::step() const { return impl_->step; }
const NetworkDescription& Predictor::description() const { return impl_->networks.description(); }

Result<Predictor> Predictor::open(const std::filesystem::path& run_folder, const PredictOptions& options) {
  TAGSCAPE_TRY(checkFrameViews(options.views));
  TAGSCAPE_ASSIGN(auto opened, openTrainedNetworks(run_folder, options.device, options.num_threads, options.seed));
  return Predictor(std::make_unique<Impl>(Impl{
      std::move(opened.networks), options, opened.checkpoint.step, originOf(opened.checkpoint, options), run_folder}));
}

Result<SceneCams> Predictor::predict(const SharedScene& scene, const Job& job) {
  const PredictOptions& options = impl_->options;
  const std::optional<TagSet> tags = impl_->tagsOf(*scene);
  SceneCams cams = impl_->emptyCams(*scene, tags);
  if (auto labels = tags ? readScanLabels(impl_->run_folder, *scene) : std::nullopt)
    return impl_->fromLabels(*scene, std::move(*labels), *tags, std::move(cams));
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

Result<SceneCams> Predictor::predictFrame(const SharedScene& scene, std::size_t frame_index) {
  if (frame_index >= scene->frames.size()) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("scene '{}' has no frame at place {}; it has {} frames. Choose another",
                            scene->name,
                            frame_index,
                            scene->frames.size()));
  }
  const std::optional<TagSet> tags = impl_->tagsOf(*scene);
  SceneCams cams = impl_->emptyCams(*scene, tags);
  TAGSCAPE_ASSIGN(FrameCams frame, impl_->predictFrame(*scene, frame_index, tags));
  cams.frames.push_back(std::move(frame));
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
