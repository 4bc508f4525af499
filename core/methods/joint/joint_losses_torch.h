#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/distributed/process_group.h"
#include "core/pseudo_labels/pseudo_label_source_torch.h"
#include "core/recipe/recipe.h"
#include "core/train/training_batch_torch.h"

namespace tagscape {

/// The losses by which the networks train each other. No gradient reaches the network that provides the labels. For
/// groups of several ranks see losses_torch.h.

/// Pseudo-labels of points train the point network; see PseudoLabelSource::pointLabels and distill.
[[nodiscard]] at::Tensor imageToPointsLoss(const JointOutput& output,
                                           const PseudoLabelSource& source,
                                           const Recipe& options,
                                           const ProcessGroup& group = ProcessGroup::single());

/// The similarity of points trains the image network, by options.points_teach_images.refinement: "labels",
/// pseudo-labels of pixels (see PseudoLabelSource::pixelLabels and distill); "cam", CAMs averaged over similar points
/// (see refinedCamLoss).
[[nodiscard]] at::Tensor pointsToImageLoss(const JointOutput& output,
                                           const PseudoLabelSource& source,
                                           const Recipe& options,
                                           const ProcessGroup& group = ProcessGroup::single());

/// The mean logits of each cloud and each bag, and their tags; [B + bags, C] each.
struct BagLogits {
  at::Tensor logits, tags;
};
[[nodiscard]] BagLogits bagLogits(const at::Tensor& logits, const TrainingBatch& batch);

}  // namespace tagscape
