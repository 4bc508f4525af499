#pragma once

// Private to the learning modules: tensor types appear here.

#include <ATen/core/Tensor.h>

namespace tagscape {

/// Refinement of values by the similarity of points. U images with P points each; everything is detached from the
/// gradient. Source: the similarity matrix of Kweon & Yoon, "Joint learning of 2D-3D weakly supervised semantic
/// segmentation", NeurIPS 2022; power and centring are own.

struct SimilarityOptions {
  double power = 4;     ///< The higher, the more similar points must be to count.
  bool centred = true;  ///< Subtract the mean feature of the image first; without it all points are similar.
};

/// relu(cos(f_i, f_j))^power of points' features, the diagonal (1) kept.
/// @param features [U, P, D].  @return [U, P, P] in 0 … 1.
[[nodiscard]] at::Tensor pointSimilarity(const at::Tensor& features, const SimilarityOptions& options);

/// The mean of the values of all points, weighted by their similarity: v_i = sum_j s_ij c_j v_j / sum_j s_ij c_j.
/// @param similarity [U, P, P].  @param scores  c [U, P], or undefined for 1.  @param values [U, P, C].
/// @return [U, P, C].
[[nodiscard]] at::Tensor similarityWeightedMean(const at::Tensor& similarity,
                                                const at::Tensor& scores,
                                                const at::Tensor& values);

}  // namespace tagscape
