#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/cam/frame_views.h"
#include "core/models/networks.h"
#include "core/scene/cams.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace tagscape {

struct PredictOptions {
  std::string device = "auto";  ///< As Recipe::Execution::device.
  int num_threads = 0;          ///< 0: one per processor.
  /// Mask classes without a tag. True: pseudo-labels for tagged scenes; false: predictions without tags. Figures
  /// of the two must never be mixed; SceneCams::uses_tags records which it was.
  bool use_tags = true;
  int max_passes = 0;        ///< Subsamples of the cloud; 0: as many as it takes until every point was in one.
  bool frames = true;        ///< Whether to compute the frames' CAMs too.
  std::uint64_t seed = 1;    ///< Of the subsamples.
  int votes = 1;             ///< In how many subsamples every point is at least.
  FrameViews views{};        ///< At which sizes frames are looked at.
  bool keep_logits = false;  ///< Keep raw logits beside CAMs and labels.
};

/// Looks at scenes with the networks of a run, loaded once.
class Predictor {
 public:
  /// Takes the newest checkpoint. Errors: NotFound or InvalidInput if the folder has no checkpoint or a broken one
  /// (with the file); InvalidInput for options out of range; Unsupported for a device that is not there.
  [[nodiscard]] static Result<Predictor> open(const std::filesystem::path& run_folder, const PredictOptions& options);
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;
  ~Predictor();

  /// The weights (by step and content) and every option that a prediction depends on, as text: with equal texts, the
  /// same scene gets the same prediction, unless its tags were changed.
  [[nodiscard]] const std::string& origin() const;
  [[nodiscard]] std::int64_t step() const;  ///< Of the checkpoint.
  [[nodiscard]] const NetworkDescription& description() const;

  /// CAMs and labels of all points and all frames of a scene.
  ///
  /// Points: random subsamples of the size used in training, logits averaged, until every point was covered; with
  /// `max_passes` the points left over take their nearest covered neighbour's. Frames: the full image at each scale of
  /// training's, maps averaged on the finest grid. Labels are the class with the largest logit (of the classes tagged,
  /// with `use_tags`). With `use_tags` and no tags of a frame, the scene's are used; with none at all, no class is
  /// masked and uses_tags says false.
  ///
  /// Errors: InvalidInput for a scene without points; Cancelled; Internal if LibTorch fails.
  /// Frames that cannot be read are left out, with a warning in the log.
  [[nodiscard]] Result<SceneCams> predict(const SharedScene& scene, const Job& job);

  /// CAMs of one frame, masked as predict() masks them; no points.
  /// @param frame_index  in Scene::frames.
  /// Errors: those of FrameSource::color; InvalidInput if there is no such frame; Internal if LibTorch fails.
  [[nodiscard]] Result<SceneCams> predictFrame(const SharedScene& scene, std::size_t frame_index);

 private:
  struct Impl;
  explicit Predictor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// One scene alone. Errors: those of Predictor.
[[nodiscard]] Result<SceneCams> predictScene(const std::filesystem::path& run_folder,
                                             const SharedScene& scene,
                                             const PredictOptions& options,
                                             const Job& job);

}  // namespace tagscape
