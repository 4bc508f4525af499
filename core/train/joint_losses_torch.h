#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/nn/network_torch.h"
#include "core/train/train_options.h"

namespace tagscape {

/// Which points of the batch's clouds the batch's crops show, and where: U crops with P points each, drawn with
/// replacement.
struct JointMatches {
  at::Tensor rows;        ///< [U * P] int64, of the clouds' points numbered through.
  at::Tensor crops;       ///< [U] int64, those crops that show enough points.
  at::Tensor places;      ///< [U, P, 2] float, pixels of the crop.
  at::Tensor image_tags;  ///< [U, C].
  at::Tensor scene_tags;  ///< [U, C].
  int crop_px = 0;

  [[nodiscard]] bool empty() const { return !rows.defined(); }
};

/// The image network's pseudo-labels train the point network where crops show its points. No gradient reaches the image
/// network. Source: METHOD 1.3 (4) and (D).
[[nodiscard]] at::Tensor imageToPointsLoss(const NetworkOutput& image,
                                           const NetworkOutput& points,
                                           const JointMatches& matches,
                                           const TrainOptions& options);

/// What points that are alike say together trains the image network, in the way of options.refinement. No gradient
/// reaches the point network. Source: METHOD 1.3 (5) and (D).
[[nodiscard]] at::Tensor pointsToImageLoss(const NetworkOutput& image,
                                           const NetworkOutput& points,
                                           const JointMatches& matches,
                                           const TrainOptions& options);

}  // namespace tagscape
