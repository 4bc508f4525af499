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
  double classifier_lr_factor = 1;  ///< The classifier's learning rate is that many times the others'.
  double clip_norm = 0;             ///< Largest norm of the gradient of all parameters together; 0: any.
};

/// An optimiser over a network's parameters, in two groups: the classifier's and the others'.
class NetworkOptimiser {
 public:
  /// @param network  must outlive this.
  NetworkOptimiser(const Network& network, const OptimiserOptions& options);
  ~NetworkOptimiser();
  NetworkOptimiser(NetworkOptimiser&&) noexcept;
  NetworkOptimiser& operator=(NetworkOptimiser&&) noexcept;

  void setRate(double learning_rate);
  void zeroGradients();
  /// Clips, then changes the parameters. @return the norm of the gradient before it was clipped.
  double step();

  /// Adds what the optimiser remembers as "<prefix>.<parameter>.<what>".
  void store(const std::string& prefix, TensorFile& file) const;
  /// Errors: InvalidInput naming what is missing or has another shape; `name` stands for the file.
  [[nodiscard]] Status restore(const std::string& prefix, const TensorFile& file, const std::filesystem::path& name);

 private:
  OptimiserOptions options_;
  NamedTensors parameters_;
  std::unique_ptr<torch::optim::Optimizer> optimiser_;
};

/// How the learning rate falls. @param share  of the phase that is done, 0 … 1.
/// Source: poly: Kweon & Yoon, NeurIPS 2022, supplement; the steps are WyPR's, at 120, 160 and 180 of 200 epochs.
[[nodiscard]] double scheduledRate(RateSchedule schedule, double initial, double progress);

/// VoteNet's momentum of batch normalisation: .5, halved every tenth of the phase, .001 at least.
[[nodiscard]] double scheduledBatchNormMomentum(double progress);

}  // namespace tagscape
