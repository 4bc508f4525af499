#pragma once

#include "core/geometry/visibility.h"
#include "core/scan_labels/class_values.h"
#include "core/scene/cell_grid.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// Which superpoints a frame shows and their mean logits in it.
struct SuperpointView {
  std::vector<std::uint32_t> superpoints;  ///< Ascending.
  std::vector<float> num_visible;          ///< Vertices that the frame sees, of each of them.
  ClassValues logits;                      ///< [superpoints, kNumClasses] mean over these vertices.
};

/// @param logits      [kNumClasses, height, width] of the frame, interpolated between the centres of cells at every
/// visible vertex.
/// @param color       size of the image that the visibility's pixels are in.
/// @param of_vertex   by scale: superpoint of every vertex.
/// @return by scale.
/// Cost: the visible vertices times the classes, once for all scales but for a sum each.
[[nodiscard]] std::vector<SuperpointView> viewSuperpoints(const VisibilityResult& visibility,
                                                          const Intrinsics& color,
                                                          const CellMaps& logits,
                                                          std::span<const std::vector<std::uint32_t>> of_vertex);

}  // namespace tagscape
