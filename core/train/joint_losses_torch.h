#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/dataset/network_inputs.h"
#include "core/distributed/process_group.h"
#include "core/nn/network_torch.h"
#include "core/recipe/train_options.h"

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
  at::Tensor segments;    ///< [B * N] int64, of all the clouds' points, numbered through; only with vote "segments".
  std::int64_t num_segments = 0;

  [[nodiscard]] bool empty() const { return !rows.defined(); }
};

/// What a group does to these losses stands in losses_torch.h.

/// Pseudo-labels of the image network, or of its teacher, train the point network where crops show its points. No
/// gradient reaches what gives them. Source: METHOD 1.3 (4) and (D).
/// @param teaching  maps of the crops, [B, C, h, w].
[[nodiscard]] at::Tensor imageToPointsLoss(const at::Tensor& teaching,
                                           const NetworkOutput& points,
                                           const JointMatches& matches,
                                           const TrainOptions& options,
                                           const ProcessGroup& group = ProcessGroup::single());

/// The same by labels of all points that were lifted from all frames.
/// @param lifted [B * N, C] shares of classes, all 0 where nothing is known.  See LiftedLabels.
[[nodiscard]] at::Tensor liftedLabelLoss(const NetworkOutput& points,
                                         const at::Tensor& lifted,
                                         const TrainOptions& options,
                                         const ProcessGroup& group = ProcessGroup::single());

/// What points that are alike, asked for the labels in `teaching` (as above), say together trains the image network, in
/// the way of options.refinement. No gradient reaches the point network. Source: METHOD 1.3 (5) and (D).
/// @param lifted  as liftedLabelLoss; only refinements "lifted" and "lifted-alone" look at it.
[[nodiscard]] at::Tensor pointsToImageLoss(const NetworkOutput& image,
                                           const at::Tensor& teaching,
                                           const NetworkOutput& points,
                                           const JointMatches& matches,
                                           const TrainOptions& options,
                                           const at::Tensor& lifted = {},
                                           const ProcessGroup& group = ProcessGroup::single());

}  // namespace tagscape
