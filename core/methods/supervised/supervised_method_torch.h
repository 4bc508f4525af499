#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/distributed/process_group.h"
#include "core/recipe/recipe.h"
#include "core/train/training_method_torch.h"

namespace tagscape {

/// Trains each network from the true labels of pixels and points: the upper bound for weak supervision.
class SupervisedMethod final : public TrainingMethod {
 public:
  SupervisedMethod(const Recipe& options, std::shared_ptr<ProcessGroup> group)
      : phases_(phasesOf(options)), group_(std::move(group)) {}

  /// "image" and "points": one network each.
  [[nodiscard]] static std::vector<TrainingPhase> phasesOf(const Recipe& options);
  [[nodiscard]] const std::vector<TrainingPhase>& phases() const override { return phases_; }
  [[nodiscard]] std::vector<LossTerm> losses(const StepInput& input) const override;

 private:
  std::vector<TrainingPhase> phases_;
  std::shared_ptr<ProcessGroup> group_;
};

}  // namespace tagscape
