#pragma once

#include "core/learning/predict_job.h"
#include "core/train/networks.h"

#include <filesystem>
#include <optional>
#include <string>

namespace tagscape {

/// The networks of a run's newest checkpoint, loaded once and used for many predictions: of whole scenes, or of one
/// frame while a person looks at it. Owned by one thread at a time.
class PredictionService {
 public:
  /// Errors: NotFound or InvalidInput if the folder has no checkpoint or a broken one, or one of another network (with
  /// the file); Unsupported for a device that is not there.
  [[nodiscard]] static Result<PredictionService> create(const std::filesystem::path& run_folder,
                                                        const PredictOptions& options);

  [[nodiscard]] std::int64_t step() const { return step_; }
  [[nodiscard]] const NetworkDescription& description() const { return networks_.description(); }

  /// As predictScene. Errors: InvalidInput for a scene without points; Cancelled; Internal if LibTorch fails.
  [[nodiscard]] Result<SceneCams> scene(const SharedScene& scene, const Job& job);

  /// CAMs of one frame, masked as predictScene masks them; no points.
  /// @param frame_index  in Scene::frames.
  /// Errors: those of FrameSource::color; InvalidInput if there is no such frame; Internal if LibTorch fails.
  [[nodiscard]] Result<SceneCams> frame(const SharedScene& scene, std::size_t frame_index);

 private:
  PredictionService(Networks networks, PredictOptions options, std::int64_t step)
      : networks_(std::move(networks)), options_(std::move(options)), step_(step) {}
  [[nodiscard]] std::optional<TagSet> tagsOf(const Scene& scene) const;
  [[nodiscard]] SceneCams emptyCams(const Scene& scene, const std::optional<TagSet>& tags) const;
  [[nodiscard]] Result<FrameCams> frameOf(const Scene& scene,
                                          std::size_t frame_index,
                                          const std::optional<TagSet>& scene_tags);
  [[nodiscard]] Result<std::vector<FrameCams>> allFrames(const Scene& scene,
                                                         const std::optional<TagSet>& scene_tags,
                                                         const Job& job);

  Networks networks_;
  PredictOptions options_;
  std::int64_t step_ = 0;
};

}  // namespace tagscape
