#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/base/result.h"
#include "core/io/safetensors.h"
#include "core/models/networks_torch.h"
#include "core/train/training_batch_torch.h"
#include "core/train/training_phase.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tagscape {

/// A loss and its weight in the total.
struct LossTerm {
  std::string name;  ///< As in MetricsRow: "loss_2d_cls".
  at::Tensor loss;   ///< Scalar.
  double weight = 1;
};

/// The input of a step's losses.
struct StepInput {
  const PhasePosition& position;
  const TrainingBatch& batch;
  const NetworkOutput& image;   ///< Without heads if the phase does not train the image network.
  const NetworkOutput& points;  ///< The same for the point network.
};

/// The heads that a method needs of each network.
struct NetworkHeads {
  std::vector<std::string> image, points;
};

/// A training method: its phases, what their steps draw, and their losses. The trainer does the rest (batches,
/// optimisers, schedules, communication between ranks, checkpoints) for any method. Owned by one trainer.
///
/// To add a method: a class in a folder of core/methods, and its line in core/methods/training_methods.cpp.
class TrainingMethod {
 public:
  virtual ~TrainingMethod() = default;

  /// In the order in which they run.
  [[nodiscard]] virtual const std::vector<TrainingPhase>& phases() const = 0;
  [[nodiscard]] virtual NetworkHeads heads() const { return {{std::string(kLogits)}, {std::string(kLogits)}}; }

  /// Called before the first step of a phase, and before restore().
  virtual void beginPhase(const TrainingPhase&) {}
  /// Called before every step, on all ranks; may leave the networks in evaluation mode.
  virtual void prepareStep(const PhasePosition&, Networks::Impl&) {}
  /// At least one; the total loss is their weighted sum. On several ranks each term is this rank's part of the joint
  /// loss (losses_torch.h).
  [[nodiscard]] virtual std::vector<LossTerm> losses(const StepInput& input) const = 0;

  /// The state from which the method continues within a phase. Errors: InvalidInput if it does not fit; `name` is the
  /// file's, for messages.
  virtual void store(TensorFile&) const {}
  [[nodiscard]] virtual Status restore(const TensorFile&, const std::filesystem::path& /*name*/, const at::Device&) {
    return {};
  }
};

}  // namespace tagscape
