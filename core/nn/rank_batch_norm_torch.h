#pragma once

// Private to core/nn: types of LibTorch appear here.

#include "core/nn/batch_norm_torch.h"

#include <ATen/ATen.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <memory>
#include <utility>

namespace tagscape {

/// Batch normalisation over rows [R, C] or images [B, C, H, W] as LibTorch's modules have it, with their names of
/// parameters and first values, whose statistics in training can be those of all ranks' batches. A module of its own
/// because Debian's LibTorch hides what a class derived from nn::BatchNorm2d has to link with.
struct RankBatchNormImpl : torch::nn::Module {
  explicit RankBatchNormImpl(std::int64_t num_channels)
      : weight(register_parameter("weight", at::ones({num_channels}))),
        bias(register_parameter("bias", at::zeros({num_channels}))),
        running_mean(register_buffer("running_mean", at::zeros({num_channels}))),
        running_variance(register_buffer("running_var", at::ones({num_channels}))),
        num_batches(register_buffer("num_batches_tracked", at::zeros({}, at::kLong))) {}

  at::Tensor forward(const at::Tensor& input) {
    if (!is_training()) {
      return at::batch_norm(input,
                            weight,
                            bias,
                            running_mean,
                            running_variance,
                            /*training=*/false,
                            momentum,
                            kEpsilon,
                            at::globalContext().userEnabledCuDNN());
    }
    num_batches.add_(1);
    return batchNorm(input,
                     weight,
                     bias,
                     running_mean,
                     running_variance,
                     momentum,
                     kEpsilon,
                     group != nullptr ? *group : ProcessGroup::nobodyElse());
  }

  static constexpr double kEpsilon = 1e-5;
  at::Tensor weight, bias, running_mean, running_variance, num_batches;
  double momentum = 0.1;                ///< The share of a new batch in the running statistics.
  std::shared_ptr<ProcessGroup> group;  ///< Whose batches are normalised together; none: this process's.
};
TORCH_MODULE(RankBatchNorm);

/// Calls visit(norm) for every batch normalisation within `module`. Modules within it only: to ask for itself needs it
/// to be held by a shared pointer, which networks do not.
template <class Visit>
void visitBatchNorms(const torch::nn::Module& module, Visit&& visit) {
  for (const auto& part : module.modules(/*include_self=*/false)) {
    if (auto* norm = dynamic_cast<RankBatchNormImpl*>(part.get())) visit(*norm);
  }
}

}  // namespace tagscape
