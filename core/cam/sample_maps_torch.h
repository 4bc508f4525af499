#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/scene/cell_grid.h"

#include <ATen/core/Tensor.h>

namespace tagscape {

/// Bilinear samples of maps at pixels of the image that the maps were computed from: CellSampler for tensors.
/// @param maps [B, C, h, w].  @param pixels [B, P, 2] (x, y) with pixel centres at integers.
/// @param cells  where the maps' cells lie in that image. Pixels beyond the outermost centres take the border's.
/// @return [B, P, C].
[[nodiscard]] at::Tensor sampleMaps(const at::Tensor& maps, const at::Tensor& pixels, const CellGrid& cells);

}  // namespace tagscape
