#pragma once

#include "core/base/result.h"
#include "core/train/networks.h"
#include "core/train/train_options.h"
#include "core/train/training_data.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tagscape {

/// image: the image network alone, from frame tags. points: the point network alone, from scene tags and, with
/// frame_bags, from the tags of frames for the points they see. joint: both, and the image network's pseudo-labels
/// train the point network where a frame sees its points; after a while, points that are alike train the image network.
enum class Phase { Image, Points, Joint };
[[nodiscard]] std::string_view nameOf(Phase phase);

/// Takes the steps of a training; when to stop, log and save is the caller's affair. Owned by one thread.
class Trainer {
 public:
  /// @param networks  made for the same options.
  [[nodiscard]] static Result<Trainer> create(std::shared_ptr<const TrainingData> data,
                                              Networks networks,
                                              const TrainOptions& options);
  Trainer(Trainer&&) noexcept;
  Trainer& operator=(Trainer&&) noexcept;
  ~Trainer();

  /// Starts a phase with new optimisers. `num_steps` is what the learning rates decay over.
  void beginPhase(Phase phase, int num_steps);
  /// Changes the length of the phase under way.
  void setPhaseSteps(int num_steps);

  /// One step. Gives losses, learning rates and gradient norms by the names of MetricsRow.
  /// Errors: Internal if a loss is not finite, naming the phase, the step and the losses (the optimisers have not
  /// used it), or if LibTorch throws.
  [[nodiscard]] Result<std::map<std::string, double>> step();

  [[nodiscard]] Networks& networks();

 private:
  struct Impl;  // holds every torch type
  explicit Trainer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape
