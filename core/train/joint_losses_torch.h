#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/dataset/network_inputs.h"
#include "core/distributed/process_group.h"
#include "core/nn/network_torch.h"
#include "core/recipe/recipe.h"

namespace tagscape {

/// Which points of the batch's clouds the batch's crops show, and where: U crops with P points each, drawn with
/// replacement.
struct JointMatches {
  at::Tensor rows;        ///< [U * P] int64, of the clouds' points numbered through.
  at::Tensor crops;       ///< [U] int64, those crops that show enough points.
  at::Tensor places;      ///< [U, P, 2] float, pixels of the crop.
  at::Tensor image_tags;  ///< [U, C].
  at::Tensor scene_tags;  ///< [U, C].
  CellGrid cells;         ///< Of the image network's maps.
  at::Tensor segments;    ///< [B * N] int64, of all the clouds' points, numbered through; only with views=multi.
  std::int64_t num_segments = 0;

  [[nodiscard]] bool empty() const { return !rows.defined(); }
};

/// What a group does to these losses stands in losses_torch.h.

/// Pseudo-labels of the image network train the point network where crops show its points. No gradient reaches the
/// image network. Source: METHOD 1.3 (4) and (D).
[[nodiscard]] at::Tensor imageToPointsLoss(const NetworkOutput& image,
                                           const NetworkOutput& points,
                                           const JointMatches& matches,
                                           const Recipe& options,
                                           const ProcessGroup& group = ProcessGroup::single());

/// The same by labels of all points that were lifted from all frames.
/// @param lifted [B * N, C] shares of classes, all 0 where nothing is known.  See LiftedLabels.
[[nodiscard]] at::Tensor liftedLabelLoss(const NetworkOutput& points,
                                         const at::Tensor& lifted,
                                         const Recipe& options,
                                         const ProcessGroup& group = ProcessGroup::single());

/// What the image network says where points are alike, together, trains it, in the way of
/// options.points_teach_images.refinement. No gradient reaches the point network. Source: METHOD 1.3 (5) and (D).
/// @param lifted  as liftedLabelLoss, or undefined; only refinement=labels looks at it.
[[nodiscard]] at::Tensor pointsToImageLoss(const NetworkOutput& image,
                                           const NetworkOutput& points,
                                           const JointMatches& matches,
                                           const Recipe& options,
                                           const at::Tensor& lifted = {},
                                           const ProcessGroup& group = ProcessGroup::single());

}  // namespace tagscape
