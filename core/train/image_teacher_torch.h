#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/cam/cam_torch.h"
#include "core/train/joint_losses_torch.h"

namespace tagscape {

/// What the image network says at the places of points. Everything is [U, P, …] and cut from the gradient unless it
/// says otherwise.

/// Maps of the crops at the places, [U, P, C], with their gradient.
[[nodiscard]] at::Tensor atPlaces(const at::Tensor& maps, const JointMatches& matches);

/// CAMs at the places, with a gradient through the maps but not through their maximum.
[[nodiscard]] at::Tensor camAtPlaces(const at::Tensor& maps, const JointMatches& matches);

/// Softmax over the classes that are tagged. @param logits [U, P, C].  @param tags [U, C].
[[nodiscard]] at::Tensor taggedShares(const at::Tensor& logits, const at::Tensor& tags);

/// Labels by options.labels.pseudo_labels and their confidence by options.labels.confidence, [U, P] each. The
/// confidence is 0 where every CAM is: such a place has no label.
/// @param maps [B, C, h, w] of the crops.
[[nodiscard]] PseudoLabels pseudoLabelsAtPlaces(const at::Tensor& maps,
                                                const JointMatches& matches,
                                                const Recipe& options);

}  // namespace tagscape
