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

/// Performs the steps of a training. The caller decides when to stop, log and save. Used by one thread at a time;
/// batches are prepared on worker threads.
///
/// A step's batch and random numbers depend on the seed, the phase and the step alone. Training therefore continues
/// from networks, state() and position() with the same losses, on one thread to the bit.
///
/// In a group of several ranks each computes its part of every batch. Gradients are averaged and batch statistics are
/// those of the joint batch, so that W ranks with batch size B take the steps of one process with batch size W B
/// (except for dropout). All ranks must call the same functions in the same order.
class Trainer {
 public:
  /// @param networks  created for the same options; all ranks get the weights of rank 0.
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

  /// Starts a phase of the method with new optimisers; a std::logic_error for an unknown phase.
  void beginPhase(const std::string& phase, int num_steps);
  /// Changes the length of the current phase.
  void setPhaseSteps(int num_steps);
  [[nodiscard]] const PhasePosition& position() const;

  /// One step. Gives losses (of all ranks' batches together), learning rates and gradient norms by the names of
  /// MetricsRow. Errors: Internal if a loss is not finite, naming the phase, the step and the losses (the optimisers
  /// have not used it, lastBatch() is what it was computed from), or if LibTorch throws; those of BatchMaker::make.
  [[nodiscard]] Result<std::map<std::string, double>> step();

  /// Total time that steps have waited for their batches, s.
  [[nodiscard]] double waited_s() const;

  /// The state of the optimisers and of the method, without the networks.
  [[nodiscard]] TensorFile state() const;
  /// Continues within a phase, with the networks as they are. Errors: InvalidInput if the state does not fit the
  /// options.
  [[nodiscard]] Status resume(const PhasePosition& position,
                              const TensorFile& state,
                              const std::filesystem::path& name);

  /// The tensors of the last batch, for inspection.
  [[nodiscard]] TensorFile lastBatch() const;

  [[nodiscard]] Networks& networks();

 private:
  struct Impl;  // holds every torch type
  explicit Trainer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape
