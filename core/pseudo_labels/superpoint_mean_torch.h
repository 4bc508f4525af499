#pragma once

// Private to the learning modules: tensor types appear here.

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace tagscape {

/// The mean over the points of each superpoint.
/// @param values [M, C].  @param superpoints [M] int64, 0 … num_superpoints - 1.
/// @return [num_superpoints, C], 0 for superpoints without a point; detached from the gradient.
[[nodiscard]] at::Tensor meanBySuperpoint(const at::Tensor& values,
                                          const at::Tensor& superpoints,
                                          std::int64_t num_superpoints);

}  // namespace tagscape
