#pragma once

// Private to the learning modules: tensor types appear here.

#include <ATen/core/Tensor.h>

namespace tagscape {

/// Shares of classes from logits, with every tagged class somewhere: a class that would have less than `least` of all
/// that is seen is raised everywhere alike until it has, so that it appears where it comes nearest to being likely.
/// What a network mistakes for something frequent would otherwise never be learnt. Of all shares that satisfy this,
/// these are the nearest to the given ones (by relative entropy); found by iterative scaling.
/// Source: own, after constraints on the area of tagged classes as in constrained CNNs (Pathak et al., 2015).
/// @param logits [N, C] or logarithms of shares.  @param sizes [N] how many points a row stands for, 0 or more.
/// @param tags [C], 1 for classes that are there, else 0.  @param least  in [0, 1); 0 changes nothing.
/// @return [N, C], rows of sum 1.
[[nodiscard]] at::Tensor withLeastShares(const at::Tensor& logits,
                                         const at::Tensor& sizes,
                                         const at::Tensor& tags,
                                         double least);

}  // namespace tagscape
