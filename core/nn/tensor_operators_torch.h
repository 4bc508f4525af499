#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/geometry/point_operators.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <utility>

/// The operators of point_operators.h as tensor formulations: for devices without operators of our own. The same
/// indices to the last tie, at the cost of looking at every pair of points (in pieces that bound the memory to about
/// 0.5 GiB). Positions are [N, 3] float on any device, indices int64 on the same.
namespace tagscape::tensors {

/// @return [num_samples], beginning with point 0.
[[nodiscard]] at::Tensor farthestPoints(const at::Tensor& points, std::int64_t num_samples, bool skip_near_origin);

/// @return [centres, num_neighbours].
[[nodiscard]] at::Tensor ballQuery(const at::Tensor& points,
                                   const at::Tensor& centres,
                                   double radius_m,
                                   std::int64_t num_neighbours,
                                   BallPadding padding = BallPadding::FirstHit);

/// @return indices and squared distances, both [queries, k], nearest first.
[[nodiscard]] std::pair<at::Tensor, at::Tensor> nearest(const at::Tensor& points,
                                                        const at::Tensor& queries,
                                                        std::int64_t k);

}  // namespace tagscape::tensors
