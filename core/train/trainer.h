#pragma once

#include "core/base/result.h"
#include "core/dataset/training_source.h"
#include "core/distributed/process_group.h"
#include "core/io/safetensors.h"
#include "core/models/networks.h"
#include "core/recipe/recipe.h"
#include "core/train/training_phase.h"

#include <map>
#include <memory>
#include <string>

namespace tagscape {

class TrainingMethod;

/// Takes the steps of a training; when to stop, log and save is the caller's affair. Owned by one thread; batches are
/// made on threads of its own.
///
/// Every step's batch and all its random numbers follow from the seed, the phase and the step's number, so that
/// networks, state() and position() are all that it takes to go on: the losses are then the same, to the bit on one
/// thread.
///
/// In a group of several ranks each computes its share of every batch; gradients are averaged and batch statistics are
/// those of the whole, so that W ranks with batch B take the steps of one process with batch W B (but for dropout). All
/// ranks must call the same functions in the same order.
class Trainer {
 public:
  /// @param networks  made for the same options; ranks take over rank 0's weights.
  /// @param method    what is learnt; see core/methods/training_methods.h.
  /// Errors: InvalidInput for options out of range, without any frame, or if a network lacks a head that the method
  /// needs.
  [[nodiscard]] static Result<Trainer> create(std::shared_ptr<const TrainingSource> source,
                                              Networks networks,
                                              const Recipe& options,
                                              std::shared_ptr<TrainingMethod> method,
                                              std::shared_ptr<ProcessGroup> group = ProcessGroup::alone());
  Trainer(Trainer&&) noexcept;
  Trainer& operator=(Trainer&&) noexcept;
  ~Trainer();

  /// Starts a phase of the method with new optimisers. A phase that there is not is a std::logic_error.
  void beginPhase(const std::string& phase, int num_steps);
  /// Changes the length of the phase under way.
  void setPhaseSteps(int num_steps);
  [[nodiscard]] const PhasePosition& position() const;

  /// One step. Gives losses (of all ranks' batches together), learning rates and gradient norms by the names of
  /// MetricsRow. Errors: Internal if a loss is not finite, naming the phase, the step and the losses (the optimisers
  /// have not used it, lastBatch() is what it was computed from), or if LibTorch throws; those of BatchMaker::make.
  [[nodiscard]] Result<std::map<std::string, double>> step();

  /// Seconds that all steps so far have waited for their batches.
  [[nodiscard]] double waited_s() const;

  /// What the optimisers remember and the method keeps; not the networks.
  [[nodiscard]] TensorFile state() const;
  /// Goes on within a phase, with the networks as they are. Errors: InvalidInput if the state does not fit the options.
  [[nodiscard]] Status resume(const PhasePosition& position,
                              const TensorFile& state,
                              const std::filesystem::path& name);

  /// The tensors of the batch of the last step, for inspection.
  [[nodiscard]] TensorFile lastBatch() const;

  [[nodiscard]] Networks& networks();

 private:
  struct Impl;  // holds every torch type
  explicit Trainer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape
