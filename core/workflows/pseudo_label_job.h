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
  int every_frame = 1;          ///< Look at every so many of the frames with labels.
  std::uint64_t seed = 1;       ///< Of the subsample of the cloud.
};

/// What each network of a run would tell the other of scenes whose truth is known.
struct PseudoLabelReport {
  PseudoLabelStats image_to_points;             ///< Points that frames see, by the truth of the point.
  PseudoLabelStats image_to_points_unfiltered;  ///< The same with the points that are hidden from a frame, too.
  PseudoLabelStats points_to_image;             ///< Refined labels at those points, by the truth of the pixel.
  PseudoLabelStats all_frames;                  ///< What all frames say of each point; empty unless lift is "scene".
  PseudoLabelStats oracle_superpoints;          ///< Every superpoint by the class that most of its points have: what no
                                                ///< vote can exceed. Empty unless lift is "scene".
  std::size_t num_scenes = 0;
  std::size_t num_frames = 0;
  std::vector<std::string> skipped;  ///< Frames that could not be evaluated, and why.

  PseudoLabelReport& operator+=(const PseudoLabelReport& other);
};

/// Evaluates the labels of joint training, made by its own code and by the run's options. Labels of single frames (see
/// SingleViewCamLabels) are those of whole frames instead of crops, on one subsample of each cloud, without
/// augmentation. Labels of all frames (see SuperpointLabels) are those of the clouds that training prepares; where they
/// compare superpoints of several scenes (superpoint_lda, superpoint_mlp), of the scenes that are evaluated together,
/// which should be all that were trained on.
///
/// Coverage: of the subsample's points the share that a frame sees; of the cells of the image network's maps, the
/// share in which a seen point lies.
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
  /// If the run compares scenes, this one is kept for evaluateAllFrames as training prepares it: its frames at training
  /// size, its clouds.
  [[nodiscard]] Result<PseudoLabelReport> evaluate(const SharedScene& scene, const Job& job);

  /// Whether labels of a scene depend on what the others look like.
  [[nodiscard]] bool comparesScenes() const;

  /// If the run compares scenes: evaluates what all frames say of those that were evaluated since the last call, which
  /// are let go. @return a report of `all_frames` alone.  Errors: Internal if LibTorch fails.
  [[nodiscard]] Result<PseudoLabelReport> evaluateAllFrames();

 private:
  struct Impl;
  explicit PseudoLabelEvaluator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape
