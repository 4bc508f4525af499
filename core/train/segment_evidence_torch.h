#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/dataset/training_data.h"
#include "core/recipe/recipe.h"
#include "core/train/networks_torch.h"
#include "core/train/scene_segments.h"

#include <ATen/core/Tensor.h>

namespace tagscape {

/// What the image network says of a frame, as prepared. The network must be in evaluation mode.
struct FrameOpinion {
  at::Tensor maps;    ///< [1, C, h, w] logits.
  at::Tensor shares;  ///< [1, C, h, w] of the tagged classes, by options.labels.pseudo_labels; label_smoothing is for
                      ///< all classes.
};
[[nodiscard]] FrameOpinion opinionOf(const PreparedFrame& frame, Networks::Impl& networks, const Recipe& options);

/// What all frames of a scene say of its segments, and how these look: the image network's mean logits, and of the
/// points colour, height, extents, slope and number; with options.labels.superpoint_mlp the point network's mean
/// logits, too, and what is near them. The networks must be in evaluation mode. A frame has a full say where it shows
/// many points of a segment, and nearly none where it shows but one or two.
[[nodiscard]] SceneSegments segmentEvidence(const PreparedScene& scene,
                                            Networks::Impl& networks,
                                            const Recipe& options);

}  // namespace tagscape
