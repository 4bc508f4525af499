#pragma once

// Private to the learning modules: tensor types appear here.

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace tagscape {

/// Operators of the networks with gradients. On float tensors of the CPU they run our own loops (row_kernels.h); on
/// anything else they are composed of LibTorch's operators, with the same result up to rounding.

/// Whether the CPU's own loops are used (the default) or LibTorch's operators everywhere, for this thread. For tests
/// and benchmarks that compare the two.
void useOwnOperators(bool use);
[[nodiscard]] bool ownOperatorsUsed();

/// Batch normalisation with fixed statistics, then ReLU. Only `input` gets a gradient.
/// @param input  [B, C, H, W].  @param scale, shift  [C]: weight / sqrt(variance + eps), and bias - mean * scale.
[[nodiscard]] at::Tensor scaleShiftRelu(const at::Tensor& input, const at::Tensor& scale, const at::Tensor& shift);

struct BatchNorm {
  at::Tensor weight, bias;                    ///< [C].
  at::Tensor running_mean, running_variance;  ///< [C]; changed in training, the variance unbiased.
  double momentum = 0.1;                      ///< The share of a new batch in the running statistics.
  double epsilon = 1e-5;
};

/// Batch normalisation over rows, then ReLU. Gradients for input, weight and bias.
/// @param input  [R, C].
[[nodiscard]] at::Tensor batchNormRelu(const at::Tensor& input, BatchNorm& norm, bool training);

/// batchNormRelu, then the maximum over neighbours (see maxOverNeighbours), without keeping what lies between.
/// @param input  [M * k, C].  @return [M, C].
[[nodiscard]] at::Tensor batchNormReluMax(const at::Tensor& input,
                                          BatchNorm& norm,
                                          bool training,
                                          std::int64_t num_neighbours);

/// Grouping: result[i] = rows[index[i]].
/// @param rows  [N, C].  @param index  [M] int64, below N.  @return [M, C]. Gradients for rows.
[[nodiscard]] at::Tensor groupRows(const at::Tensor& rows, const at::Tensor& index);

/// Interpolation: result[i] = Σ_n weight[i, n] rows[index[i, n]].
/// @param rows  [N, C].  @param index  [M * k] int64.  @param weight  [M, k, 1], k = 3.  @return [M, C]. Gradients for
/// rows; none for the weights, which come from positions.
[[nodiscard]] at::Tensor interpolateRows(const at::Tensor& rows, const at::Tensor& index, const at::Tensor& weight);

/// The maximum over neighbours. @param rows  [M * k, C].  @return [M, C]. The gradient goes to the first row that has
/// it.
[[nodiscard]] at::Tensor maxOverNeighbours(const at::Tensor& rows, std::int64_t num_neighbours);

}  // namespace tagscape
