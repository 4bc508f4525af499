#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/base/job.h"
#include "core/cam/cam_torch.h"
#include "core/dataset/training_data.h"
#include "core/models/networks.h"
#include "core/pseudo_labels/pseudo_label_source_torch.h"
#include "core/recipe/recipe.h"
#include "core/workflows/pseudo_label_job.h"

#include <cstdint>
#include <vector>

namespace tagscape {

/// Similarities are of all pairs of points: at most so many points of a frame are compared. Training draws fewer.
inline constexpr std::size_t kMaxSimilarPoints = 1024;

/// Adds labels [P] with confidences [P]; confidence 0 is no label.
void addLabels(PseudoLabelStats& stats, const PseudoLabels& labels, const std::vector<std::uint8_t>& truth);

/// Evaluates SuperpointLabels, by which a run with views=multi trains, and the best labels that superpoints allow.
/// Points are those of the clouds that training prepares; pixels those of the first cloud's points in the evaluated
/// frames, whose probabilities are averaged over each superpoint within the frame. Does nothing for a run with
/// views=single.
class LiftedLabelEvaluator {
 public:
  /// @param every_frame  see framesToEvaluate().  Networks and recipe must outlive the evaluator.
  LiftedLabelEvaluator(Networks& networks, const Recipe& trained, int every_frame)
      : networks_(networks), trained_(trained), every_frame_(every_frame) {}

  /// Whether labels of a scene depend on the features of other scenes: then scenes wait for evaluateGathered().
  [[nodiscard]] bool comparesScenes() const;

  /// Evaluates a scene, or keeps it: its frames at training size, its clouds and their true labels. Frames whose labels
  /// cannot be read are left out.
  /// Errors: those of preparing training data; Internal if LibTorch fails.
  [[nodiscard]] Status add(const SharedScene& scene, const Job& job, PseudoLabelReport& report);
  /// Evaluates the kept scenes together and releases them. Errors: Internal if LibTorch fails.
  [[nodiscard]] Status evaluateGathered(PseudoLabelReport& report);

 private:
  /// True labels of a scene.
  struct Truth {
    std::vector<std::vector<std::uint8_t>> points;  ///< By cloud, of its points.
    std::vector<std::vector<std::uint8_t>> pixels;  ///< By frame, at the pixels of its first cloud's visible points, at
                                                    ///< most kMaxSimilarPoints; empty for frames not evaluated.
  };
  [[nodiscard]] TrainingDataOptions dataOptions();
  void evaluatePixels(const PreparedScene& scene,
                      std::size_t number,
                      const std::vector<std::vector<std::uint8_t>>& truth,
                      const PseudoLabelSource& labels,
                      PseudoLabelStats& stats);

  Networks& networks_;
  const Recipe& trained_;
  int every_frame_;
  TrainingData gathered_;
  std::vector<Truth> truth_;  ///< By gathered scene.
};

}  // namespace tagscape
