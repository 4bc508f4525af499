#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/metrics/pseudo_label_stats.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tagscape {

struct PseudoLabelOptions {
  std::string device = "auto";  ///< As Recipe::device.
  int num_threads = 0;          ///< 0: one per processor.
  int every_frame = 1;          ///< Evaluates every so many of the frames with labels.
  std::uint64_t seed = 1;       ///< Of the subsample of the cloud.
};

/// The quality of the labels by which the networks of a run train each other, on annotated scenes.
struct PseudoLabelReport {
  PseudoLabelStats image_to_points;             ///< Of visible points, by single frames.
  PseudoLabelStats image_to_points_unfiltered;  ///< The same with the points that are occluded in a frame.
  PseudoLabelStats points_to_image;             ///< Of the pixels of visible points, by the options' source.
  PseudoLabelStats all_frames;                  ///< Of superpoints, by all frames. Empty unless views=multi.
  PseudoLabelStats oracle_superpoints;  ///< Every superpoint by the class that most of its points have, which no
                                        ///< label of superpoints exceeds. Empty unless views=multi.
  std::size_t num_scenes = 0;
  std::size_t num_frames = 0;
  std::vector<std::string> skipped;  ///< Frames that could not be evaluated, and why.

  PseudoLabelReport& operator+=(const PseudoLabelReport& other);
};

/// Evaluates the labels of joint training with the PseudoLabelSource of the run's options. Labels by single frames (see
/// SingleViewCamLabels) are computed for whole frames instead of crops, on one subsample of each cloud, without
/// augmentation. Labels of superpoints (see SuperpointLabels) are computed for the clouds that training prepares; if
/// they depend on the features of other scenes (superpoint_lda, superpoint_mlp), for all evaluated scenes together,
/// which should be those of the training.
///
/// Coverage: the fraction of the subsample's points that any frame sees, and of the image network's cells that contain
/// a visible point.
class PseudoLabelEvaluator {
 public:
  /// Takes the newest checkpoint. Errors: as Predictor::open; those of reading config.toml.
  [[nodiscard]] static Result<PseudoLabelEvaluator> open(const std::filesystem::path& run_folder,
                                                         const PseudoLabelOptions& options);
  PseudoLabelEvaluator(PseudoLabelEvaluator&&) noexcept;
  PseudoLabelEvaluator& operator=(PseudoLabelEvaluator&&) noexcept;
  ~PseudoLabelEvaluator();

  [[nodiscard]] std::int64_t step() const;

  /// Errors: InvalidInput for a scene without points, labels of points, or tags; Cancelled; Internal if LibTorch fails.
  /// If the run compares scenes, this one is kept for evaluateAllFrames() as prepared for training: its frames at
  /// training size and its clouds.
  [[nodiscard]] Result<PseudoLabelReport> evaluate(const SharedScene& scene, const Job& job);

  /// Whether labels of a scene depend on the features of other scenes.
  [[nodiscard]] bool comparesScenes() const;

  /// If the run compares scenes: evaluates the labels of superpoints of the scenes since the last call, and releases
  /// these. @return a report of `all_frames` and `points_to_image` alone.  Errors: Internal if LibTorch fails.
  [[nodiscard]] Result<PseudoLabelReport> evaluateAllFrames();

 private:
  struct Impl;
  explicit PseudoLabelEvaluator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape
