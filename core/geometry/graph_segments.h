#pragma once

// Private to this module: what surfaces and clouds are divided by.

#include <cstdint>
#include <vector>

namespace tagscape {

/// That two points are neighbours, and how much they differ.
struct NeighbourEdge {
  float weight = 0;
  std::uint32_t a = 0, b = 0;
};

/// Joins points along edges, those of least weight first, as long as an edge weighs no more than the edges within each
/// side plus `threshold` over its size; then pieces smaller than `smallest_size` to their most alike neighbour.
/// @param edges  sorted here; of equal weights those of lower points first, so that the result is the same everywhere.
/// @return [num_points] segments numbered from 0 without gaps, in the order of their first points.
/// Cost: O(E log E). Source: Felzenszwalb & Huttenlocher, Efficient Graph-Based Image Segmentation, IJCV 2004.
[[nodiscard]] std::vector<std::uint32_t> segmentGraph(std::size_t num_points,
                                                      std::vector<NeighbourEdge> edges,
                                                      float threshold,
                                                      std::size_t smallest_size);

}  // namespace tagscape
