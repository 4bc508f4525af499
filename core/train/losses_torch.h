#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/dataset/network_inputs.h"
#include "core/distributed/process_group.h"

#include <ATen/core/Tensor.h>

namespace tagscape {

/// Losses of the joint training. Scalars of the type and on the device of the logits; gradients reach the logits only.
///
/// Given a group of several ranks, each loss is that of all ranks' places together: what it is divided by and the
/// masses of classes are summed over them (an exchange, which a rank without places takes part in), and the average of
/// what the ranks get is the joined loss.

/// Multi-label soft margin: the mean over items and classes of the binary cross entropy between sigmoid(logit) and tag.
/// @param pooled [B, C] a network's maps averaged over their places.  @param tags [B, C] of 0 and 1.
/// Source: METHOD 1.3 (1); stable form max(x, 0) - x y + log(1 + exp(-|x|)).
/// @param class_weights [C], or undefined for 1.
[[nodiscard]] at::Tensor multiLabelLoss(const at::Tensor& pooled,
                                        const at::Tensor& tags,
                                        const at::Tensor& class_weights = {},
                                        const ProcessGroup& group = ProcessGroup::single());

struct PseudoLabelLossOptions {
  double balance_exponent = 0.5;  ///< beta: 0 weighs every place alike, 1 every class.
  bool use_confidence = true;     ///< Otherwise every label counts as sure but those of confidence 0, which are none.
};

/// Cross entropy of one domain's logits against pseudo-labels of the other, scored by confidence and balanced by class:
/// sum_i w_i CE(logits_i, y_i) / sum_i w_i with w_i = s_i n_{y_i}^-beta, n_c the confidence mass of class c. Without
/// the balance, walls and floors label everything. No places give 0 (with a gradient of 0).
/// @param logits [P, C].  @param labels [P] int64.  @param confidence [P], not negative, cut from the gradient here.
/// Source: METHOD 1.3 (4) and (D), reconstructed.
[[nodiscard]] at::Tensor pseudoLabelLoss(const at::Tensor& logits,
                                         const at::Tensor& labels,
                                         const at::Tensor& confidence,
                                         const PseudoLabelLossOptions& options,
                                         const ProcessGroup& group = ProcessGroup::single());

/// Cross entropy against the truth, the mean over all places that have one; 0 (with a gradient of 0) where none has.
/// @param logits [P, C].  @param labels [P] int64, kNoClass for none.
[[nodiscard]] at::Tensor supervisedLoss(const at::Tensor& logits,
                                        const at::Tensor& labels,
                                        const ProcessGroup& group = ProcessGroup::single());

/// Bilinear samples of maps at places given in pixels of the image the maps were computed from.
/// @param maps [B, C, h, w].  @param pixels [B, P, 2] (x, y) with pixel centres at integers.
/// @param cells  where the maps' cells lie in that image. Places beyond the outermost centres take the border's.
/// @return [B, P, C].
[[nodiscard]] at::Tensor sampleMaps(const at::Tensor& maps, const at::Tensor& pixels, const CellGrid& cells);

}  // namespace tagscape
