#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/dataset/training_data.h"
#include "core/models/networks_torch.h"
#include "core/pseudo_labels/superpoint_set.h"
#include "core/recipe/recipe.h"

#include <ATen/core/Tensor.h>

namespace tagscape {

/// The image network's output for a frame, as prepared. The network must be in evaluation mode.
struct FramePrediction {
  at::Tensor logits;  ///< [1, C, h, w].
  at::Tensor
      probabilities;  ///< [1, C, h, w] of the tagged classes, by options.labels.pseudo_labels, with label smoothing.
};
[[nodiscard]] FramePrediction predictionOf(const PreparedFrame& frame, Networks::Impl& networks, const Recipe& options);

/// The evidence for a scene's superpoints from all its frames. Features are the image network's mean logits,
/// and the means and deviations of colour and height of the points, their extents, slope and number; with
/// options.labels.superpoint_mlp also the point network's mean logits, and the adjacency. Frame
/// logits are sum_f w_f log(mean probability in frame f), w_f = n / (n + 4) for a superpoint of which the frame shows n
/// points, so that frames that show only a few points have little weight. The networks must be in evaluation mode.
[[nodiscard]] SuperpointSet superpointEvidence(const PreparedScene& scene,
                                               Networks::Impl& networks,
                                               const Recipe& options);

}  // namespace tagscape
