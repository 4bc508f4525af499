#pragma once

// Private to core/nn: types of LibTorch appear here.

#include "core/nn/batch_norm_torch.h"

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <memory>

namespace tagscape {

/// Batch normalisation over rows or images, whose statistics in training can be those of all ranks' batches. Names and
/// values are those of LibTorch's own module, which cannot be derived from: its library does not export all of it.
struct RankBatchNormImpl : torch::nn::Module {
  explicit RankBatchNormImpl(std::int64_t num_channels);

  /// @param input  [R, C] or [B, C, H, W].
  at::Tensor forward(const at::Tensor& input);

  at::Tensor weight, bias, running_mean, running_var, num_batches_tracked;
  double momentum = 0.1;
  std::shared_ptr<ProcessGroup> group;  ///< None: this process alone.
};
TORCH_MODULE(RankBatchNorm);

/// Gives every batch normalisation within `module` the group.
void shareStatisticsOf(const torch::nn::Module& module, const std::shared_ptr<ProcessGroup>& group);

/// Sets the share of a new batch in the running statistics of every batch normalisation within `module`.
void setMomentumOf(const torch::nn::Module& module, double momentum);

}  // namespace tagscape
