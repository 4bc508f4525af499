#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/distributed/process_group.h"

#include <ATen/core/Tensor.h>

namespace tagscape {

/// Losses: scalars of the type and on the device of the logits, with a gradient for the logits only.
///
/// In a group of several ranks the average over ranks of each loss is the loss of the joint batch: divisors and class
/// masses are summed over the ranks, which communicates, so that ranks without any terms must call it as well.

/// Multi-label soft margin loss: the mean over items and classes of the binary cross entropy between sigmoid(logit) and
/// tag, in the stable form max(x, 0) - x y + log(1 + exp(-|x|)).
/// @param pooled [B, C] logits averaged over each item.  @param tags [B, C] of 0 and 1.
/// @param class_weights [C], or undefined for 1.
/// Source: the classification loss of Kweon & Yoon, NeurIPS 2022.
[[nodiscard]] at::Tensor multiLabelLoss(const at::Tensor& pooled,
                                        const at::Tensor& tags,
                                        const at::Tensor& class_weights = {},
                                        const ProcessGroup& group = ProcessGroup::single());

struct DistillOptions {
  double class_balance = 0.5;  ///< beta: at 0 all labels have equal weight, at 1 all classes.
  bool use_confidence = true;  ///< Otherwise the confidence of every label is 1, but 0 stays 0.
};

/// Cross entropy of one network's logits against pseudo-labels of the other, weighted by confidence and balanced by
/// class: sum_i w_i CE(logits_i, y_i) / sum_i w_i with w_i = s_i n_{y_i}^-beta, n_c the confidence mass of class c.
/// 0 (with a gradient of 0) without any labels.
/// @param logits [P, C].  @param labels [P] int64.  @param confidence [P], not negative, detached here; 0: no
///        label.
/// Source: after Kweon & Yoon, NeurIPS 2022, which gives no formula for the confidence; the class balance is own.
[[nodiscard]] at::Tensor distill(const at::Tensor& logits,
                                 const at::Tensor& labels,
                                 const at::Tensor& confidence,
                                 const DistillOptions& options,
                                 const ProcessGroup& group = ProcessGroup::single());

/// Mean absolute difference between CAMs and refined CAMs over the tagged classes, weighted by the points' confidence.
/// @param cam, refined [U, P, C].  @param tags [U, C].  @param scores [U, P].
/// Source: the refinement by similarity of Kweon & Yoon, NeurIPS 2022; the confidence is reconstructed here.
[[nodiscard]] at::Tensor refinedCamLoss(const at::Tensor& cam,
                                        const at::Tensor& refined,
                                        const at::Tensor& tags,
                                        const at::Tensor& scores,
                                        const ProcessGroup& group = ProcessGroup::single());

/// Mean cross entropy against true labels over the labelled entries; 0 (with a gradient of 0) without any.
/// @param logits [P, C].  @param labels [P] int64, kNoClass for none.
[[nodiscard]] at::Tensor supervisedLoss(const at::Tensor& logits,
                                        const at::Tensor& labels,
                                        const ProcessGroup& group = ProcessGroup::single());

}  // namespace tagscape
