#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/scene/cell_grid.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace tagscape {

/// Which points of the batch's clouds the batch's crops show, and where: U crops with P points each, drawn with
/// replacement. Points are numbered through the clouds of the batch.
struct JointMatches {
  at::Tensor rows;         ///< [U * P] int64, of the points.
  at::Tensor crops;        ///< [U] int64, those crops that show enough points.
  at::Tensor pixels;       ///< [U, P, 2] float, of the crop.
  at::Tensor image_tags;   ///< [U, C].
  at::Tensor scene_tags;   ///< [U, C].
  CellGrid cells;          ///< Of the image network's maps.
  at::Tensor superpoints;  ///< [N] int64, of all points, numbered through the clouds; undefined if not asked for.
  std::int64_t num_superpoints = 0;

  [[nodiscard]] bool empty() const { return !rows.defined(); }
};

}  // namespace tagscape
