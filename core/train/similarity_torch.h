#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/distributed/process_group.h"
#include "core/recipe/recipe.h"

#include <ATen/core/Tensor.h>

namespace tagscape {

/// What points say of each other, and losses by which it trains the image network. U images with P places each; all
/// that comes from the points is cut from the gradient. What a group does to a loss stands in losses_torch.h.

struct SimilarityOptions {
  double power = 4;     ///< Higher: only points that are very alike count.
  bool centred = true;  ///< Features minus their mean over the image first: else all points are alike.
};

/// relu(cos(f_i, f_j))^power of points' features, the diagonal (1) kept.
/// @param features [U, P, D].  @return [U, P, P] in 0 … 1.
/// Source: METHOD 1.3 (5); power and centring reconstructed.
[[nodiscard]] at::Tensor pointSimilarity(const at::Tensor& features, const SimilarityOptions& options);

/// Values of places mixed with those of places whose points are alike: rows of the similarity (times the score of who
/// is asked) divided by their sum.
/// @param similarity [U, P, P].  @param scores [U, P], or undefined for 1.  @param values [U, P, C].  @return [U, P,
/// C].
[[nodiscard]] at::Tensor mixedBySimilarity(const at::Tensor& similarity,
                                           const at::Tensor& scores,
                                           const at::Tensor& values);

struct RefinedLabelOptions {
  double balance_exponent = 1;  ///< As PseudoLabelLossOptions.
  bool use_confidence = true;
};

/// Cross entropy over the classes that are tagged against the largest of `refined`, whose value is the confidence.
/// @param logits [U, P, C].  @param refined [U, P, C] in 0 … 1.  @param tags [U, C].
/// Source: METHOD 1.3 (D).
[[nodiscard]] at::Tensor refinedLabelLoss(const at::Tensor& logits,
                                          const at::Tensor& refined,
                                          const at::Tensor& tags,
                                          const RefinedLabelOptions& options,
                                          const ProcessGroup& group = ProcessGroup::single());

/// Mean difference of CAMs to refined ones over the classes that are tagged, weighed by the points' scores.
/// @param cam, refined [U, P, C].  @param tags [U, C].  @param scores [U, P].
/// Source: METHOD 1.3 (5 A).
[[nodiscard]] at::Tensor refinedCamLoss(const at::Tensor& cam,
                                        const at::Tensor& refined,
                                        const at::Tensor& tags,
                                        const at::Tensor& scores,
                                        const ProcessGroup& group = ProcessGroup::single());

/// What a rank without any places adds to one of these losses, by which refinement it is of: 0, with a gradient of
/// 0 to `maps` [B, C, h, w]. It takes part in the exchanges of those that have places.
[[nodiscard]] at::Tensor lossOfNoPlaces(const at::Tensor& maps,
                                        Refinement refinement,
                                        const RefinedLabelOptions& options,
                                        const ProcessGroup& group);

}  // namespace tagscape
