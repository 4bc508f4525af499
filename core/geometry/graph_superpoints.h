#pragma once

// Private to this module: what surfaces and clouds are divided by.

#include "core/geometry/surface_superpoints.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// That two points are neighbours, and how much they differ.
struct NeighbourEdge {
  float weight = 0;  ///< At least 0.
  std::uint32_t a = 0, b = 0;
};

/// Joins points along edges, those of least weight first, as long as an edge weighs no more than the edges within each
/// side plus `threshold` over its size; then pieces smaller than `min_size` to their most similar neighbour.
/// @param edges  sorted once for all scales; edges of equal weight count in the order given. Those whose weight is not
///               finite are left out.
/// @return by scale: [num_points] superpoints numbered from 0 without gaps, in the order of their first points.
/// Cost: O(E) for the sort by radix, and nearly O(E) for every distinct threshold; scales that differ in their
/// smallest size alone go only once more over the edges between superpoints.
/// Source: Felzenszwalb & Huttenlocher, Efficient Graph-Based Image Segmentation, IJCV 2004.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> graphSuperpoints(std::size_t num_points,
                                                                       std::vector<NeighbourEdge> edges,
                                                                       std::span<const SuperpointOptions> scales);

}  // namespace tagscape
