#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/base/result.h"
#include "core/io/safetensors.h"
#include "core/nn/network_torch.h"
#include "core/recipe/recipe.h"

#include <memory>
#include <string>

namespace torch::optim {
class Optimizer;
}

namespace tagscape {

struct OptimiserOptions {
  OptimiserKind kind = OptimiserKind::AdamW;
  double weight_decay = 0;
  double momentum = 0;              ///< Of SGD.
  double classifier_lr_factor = 1;  ///< Learning rate of the classifier over that of the other layers.
  double clip_norm = 0;             ///< Maximum norm of the gradient of all parameters; 0: not clipped.
};

/// An optimiser with two parameter groups: the classifier's and all others.
class NetworkOptimiser {
 public:
  /// @param network  must outlive the optimiser.
  NetworkOptimiser(const Network& network, const OptimiserOptions& options);
  ~NetworkOptimiser();
  NetworkOptimiser(NetworkOptimiser&&) noexcept;
  NetworkOptimiser& operator=(NetworkOptimiser&&) noexcept;

  void setRate(double learning_rate);
  void zeroGradients();
  /// Clips the gradient and updates the parameters. @return the norm of the gradient before clipping.
  double step();

  /// Adds the optimiser's state as "<prefix>.<parameter>.<what>".
  void store(const std::string& prefix, TensorFile& file) const;
  /// Errors: InvalidInput naming what is missing or has another shape; `name` stands for the file.
  [[nodiscard]] Status restore(const std::string& prefix, const TensorFile& file, const std::filesystem::path& name);

 private:
  OptimiserOptions options_;
  NamedTensors parameters_;
  std::unique_ptr<torch::optim::Optimizer> optimiser_;
};

/// The learning rate of a schedule. @param progress  of the phase, 0 … 1.
/// Source: poly: Kweon & Yoon, NeurIPS 2022, supplement; steps: WyPR, at 120, 160 and 180 of 200 epochs.
[[nodiscard]] double scheduledRate(RateSchedule schedule, double initial, double progress);

/// VoteNet's schedule of the batch normalisation momentum: .5, halved every tenth of the phase, at least .001.
[[nodiscard]] double scheduledBatchNormMomentum(double progress);

}  // namespace tagscape
