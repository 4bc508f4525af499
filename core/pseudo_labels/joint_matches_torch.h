#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/scene/cell_grid.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace tagscape {

/// Matches between the points of a batch's clouds and the pixels of its crops: U crops with P points each, drawn with
/// replacement. Points are numbered over all clouds of the batch.
struct JointMatches {
  at::Tensor rows;         ///< [U * P] int64, of the points.
  at::Tensor crops;        ///< [U] int64, the crops that show enough points.
  at::Tensor pixels;       ///< [U, P, 2] float, of the crop.
  at::Tensor image_tags;   ///< [U, C].
  at::Tensor scene_tags;   ///< [U, C].
  CellGrid cells;          ///< Of the image network's output.
  at::Tensor superpoints;  ///< [N] int64, of all points, numbered over all clouds; undefined if not asked for.
  std::int64_t num_superpoints = 0;

  [[nodiscard]] bool empty() const { return !rows.defined(); }
};

}  // namespace tagscape
