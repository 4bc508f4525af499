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

/// What the losses of a step are computed from.
struct StepInput {
  const PhasePosition& position;
  const TrainingBatch& batch;
  const NetworkOutput& image;   ///< Without any head where the phase does not train the image network.
  const NetworkOutput& points;  ///< The same for the point network.
};

/// The heads that a method needs of each network.
struct NetworkHeads {
  std::vector<std::string> image, points;
};

/// A way of learning: its phases, what their steps draw, and their losses. The trainer does the rest (batches,
/// optimisers, schedules, exchanges between ranks, checkpoints), and knows no method and no phase by name. Owned by one
/// trainer.
///
/// To add one: a folder of core/methods with a class, and its line in core/methods/training_methods.cpp.
class TrainingMethod {
 public:
  virtual ~TrainingMethod() = default;

  /// In the order in which they are run.
  [[nodiscard]] virtual const std::vector<TrainingPhase>& phases() const = 0;
  [[nodiscard]] virtual NetworkHeads heads() const { return {{std::string(kLogits)}, {std::string(kLogits)}}; }

  /// Before the first step of a phase, and before restore().
  virtual void beginPhase(const TrainingPhase&) {}
  /// Before every step, on all ranks; may leave the networks in evaluation mode.
  virtual void prepareStep(const PhasePosition&, Networks::Impl&) {}
  /// The total is their weighted sum, in this order. At least one; each a part of the loss of all ranks
  /// (losses_torch.h).
  [[nodiscard]] virtual std::vector<LossTerm> losses(const StepInput& input) const = 0;

  /// What the method has to keep to go on within a phase. Errors: InvalidInput if the state does not fit; `name` stands
  /// for the file.
  virtual void store(TensorFile&) const {}
  [[nodiscard]] virtual Status restore(const TensorFile&, const std::filesystem::path& /*name*/, const at::Device&) {
    return {};
  }
};

}  // namespace tagscape
