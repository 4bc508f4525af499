#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/pseudo_labels/joint_matches_torch.h"

namespace tagscape {

/// Values of the image network at the pixels where crops show points, [U, P, C], with their gradient. Without matches
/// [1, 0, C], still connected to what they were computed from, so that a rank without matches takes part in exchanges.

/// @param logits [B, C, h, w] of the crops.
[[nodiscard]] at::Tensor logitsAtPixels(const at::Tensor& logits, const JointMatches& matches);

/// CAMs among the images' tags, see normalisedCam. @param logits [B, C, h, w] of the crops.
[[nodiscard]] at::Tensor camsAtPixels(const at::Tensor& logits, const JointMatches& matches);

/// Rows of the matched points. @param values [N, D] of the points of all clouds.  @return [U, P, D]; needs matches.
[[nodiscard]] at::Tensor valuesOfPoints(const at::Tensor& values, const JointMatches& matches);

}  // namespace tagscape
