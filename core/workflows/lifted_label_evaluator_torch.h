#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/base/job.h"
#include "core/cam/cam_torch.h"
#include "core/dataset/training_data.h"
#include "core/models/networks.h"
#include "core/recipe/recipe.h"
#include "core/workflows/pseudo_label_job.h"

#include <cstdint>
#include <vector>

namespace tagscape {

/// Adds labels [P] with confidences [P]; confidence 0 is no label.
void addLabels(PseudoLabelStats& stats, const PseudoLabels& labels, const std::vector<std::uint8_t>& truth);

/// Evaluates the labels that all frames give to points (lift "scene") and the best that superpoints allow, on the
/// clouds that a training prepares. Does nothing for a training that labels points by single frames.
class LiftedLabelEvaluator {
 public:
  /// Both must outlive this.
  LiftedLabelEvaluator(Networks& networks, const Recipe& trained) : networks_(networks), trained_(trained) {}

  /// Whether labels of a scene depend on what the others look like: then scenes wait for evaluateGathered.
  [[nodiscard]] bool comparesScenes() const;

  /// Evaluates a scene, or keeps it: its frames at training size, its clouds and their truth.
  /// Errors: those of preparing training data; Internal if LibTorch fails.
  [[nodiscard]] Status add(const SharedScene& scene, const Job& job, PseudoLabelReport& report);
  /// Evaluates the scenes that were kept together, and lets them go. Errors: Internal if LibTorch fails.
  [[nodiscard]] Status evaluateGathered(PseudoLabelReport& report);

 private:
  [[nodiscard]] TrainingDataOptions dataOptions();

  Networks& networks_;
  const Recipe& trained_;
  TrainingData gathered_;
  std::vector<std::vector<std::vector<std::uint8_t>>> truth_;  ///< By gathered scene and cloud, of its points.
};

}  // namespace tagscape
