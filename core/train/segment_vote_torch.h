#pragma once

// Private to the learning modules: tensor types appear here.

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace tagscape {

/// What the points of each segment say together: the mean of their values.
/// @param values [M, C].  @param segments [M] int64, 0 … num_segments - 1.
/// @return [num_segments, C], 0 for segments without a point; cut from the gradient.
[[nodiscard]] at::Tensor votedBySegments(const at::Tensor& values,
                                         const at::Tensor& segments,
                                         std::int64_t num_segments);

}  // namespace tagscape
