#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/cam/frame_views.h"
#include "core/metrics/pseudo_label_stats.h"
#include "core/metrics/result_table.h"
#include "core/scene/cams.h"
#include "core/scene/point_labels.h"
#include "core/scene/scene.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tagscape {

struct EvaluateOptions {
  std::string device = "auto";  ///< As Recipe::Execution::device.
  int num_threads = 0;          ///< 0: one per processor.
  int max_passes = 0;           ///< As PredictOptions::max_passes.
  int votes = 1;                ///< As PredictOptions::votes.
  FrameViews views{};           ///< As PredictOptions::views.
  int every_frame = 1;          ///< Evaluates every so many of the frames with labels; 0: none.
  std::uint64_t seed = 1;
};

/// The agreement of predictions with annotations, by protocol (in the order of kEvaluationProtocols).
struct Evaluation {
  std::array<Confusion, kEvaluationProtocols.size()> points;  ///< 3D, all labelled vertices.
  std::array<Confusion, kEvaluationProtocols.size()> frames;  ///< 2D, at ScanNet's 640 x 480.
  ThresholdCurve point_cams;                                  ///< CAM labels of points by the CAM's value.
  ThresholdCurve frame_cams;                                  ///< The same of pixels.
  std::size_t num_scenes = 0;
  std::size_t num_voted = 0;  ///< Scenes of those whose points got their truth from annotated pixels.
  std::size_t num_frames = 0;
  std::vector<std::string> skipped;  ///< Scenes and frames that could not be evaluated, and why.

  Evaluation& operator+=(const Evaluation& other);
  /// One row a domain and protocol that has anything evaluated.
  [[nodiscard]] std::vector<ResultRow> rows(const std::string& name, const std::string& split) const;
};

/// Evaluates the networks of a run, scene after scene, with the networks loaded once.
/// Source: the ScanNet benchmark's evaluation scripts; see Confusion.
class Evaluator {
 public:
  /// Takes the newest checkpoint. Errors: as predictScene.
  [[nodiscard]] static Result<Evaluator> open(const std::filesystem::path& run_folder, const EvaluateOptions& options);
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;
  ~Evaluator();

  [[nodiscard]] std::int64_t step() const;

  /// Points against truthOfPoints (point_truth.h), frames against their label images. EvaluationProtocols with tags are
  /// left out for a scene that has none (named in `skipped`), so that they are never mixed with predictions without
  /// tags. Errors: InvalidInput for a scene without any labels or without points; Cancelled; Internal if LibTorch
  /// fails.
  [[nodiscard]] Result<Evaluation> evaluate(const SharedScene& scene, const Job& job);

 private:
  struct Impl;
  explicit Evaluator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Evaluates a prediction that lies in a file, without networks. With raw logits in it every protocol is evaluated;
/// without, those that it was made for: with tags and CAM (of frames CAM alone) if it uses tags, else without tags.
/// @param every_frame  as EvaluateOptions::every_frame.
/// Errors: InvalidInput for a scene without any labels, or with another number of points than were predicted;
/// Cancelled.
[[nodiscard]] Result<Evaluation> evaluatePrediction(const SharedScene& scene,
                                                    const SceneCams& cams,
                                                    int every_frame,
                                                    const Job& job);

/// Evaluates labels of a scene's points from any source by the protocol Given.
/// Errors: InvalidInput for a scene whose points have no labels to compare with, or for labels of another number of
/// points; Cancelled.
[[nodiscard]] Result<Evaluation> evaluateLabels(const SharedScene& scene, const PointLabels& labels, const Job& job);

}  // namespace tagscape
