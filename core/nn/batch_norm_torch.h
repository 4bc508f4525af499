#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/distributed/process_group.h"

#include <ATen/core/Tensor.h>

namespace tagscape {

/// Batch normalisation in training, with the statistics of all ranks' batches together: what at::batch_norm computes
/// from the joined batch. Ranks may have batches of different sizes. Forward and backward are each an exchange of two
/// numbers a channel; for a group of one this is at::batch_norm.
///
/// @param input         [R, C] or [B, C, …], float or double; gradients go through the shared statistics.
/// @param weight, bias  [C]. Their gradients are this rank's share, to be averaged as those of other parameters.
/// @param running_mean, running_variance  [C], changed: x ← (1 - momentum) x + momentum · batch, the variance unbiased.
/// @param momentum      the share of the new batch.
/// Throws GroupFailure; std::invalid_argument if one of several ranks has no values.
/// Source: Ioffe & Szegedy, Batch Normalization, 2015; moments joined after Chan, Golub & LeVeque, 1979.
[[nodiscard]] at::Tensor batchNorm(const at::Tensor& input,
                                   const at::Tensor& weight,
                                   const at::Tensor& bias,
                                   const at::Tensor& running_mean,
                                   const at::Tensor& running_variance,
                                   double momentum,
                                   double epsilon,
                                   const ProcessGroup& group);

}  // namespace tagscape
