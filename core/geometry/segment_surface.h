#pragma once

#include "core/scene/point_cloud.h"

#include <cstdint>
#include <vector>

namespace tagscape {

struct SegmentOptions {
  float threshold = 0.01F;         ///< Larger joins more; in the unit of the edges' weights.
  std::size_t smallest_size = 20;  ///< Segments with fewer vertices are joined to a neighbour.
};

/// Divides a surface into pieces that bend little: vertices are joined along edges, those first whose normals differ
/// least (1 - cosine; bends inwards, where objects meet, count fully, bends outwards by their square).
///
/// @return [N] segment of every vertex, numbered from 0 without gaps; empty for a mesh without triangles.
/// Cost: O(E log E), some 0.3 s per million triangles.
/// Source: Felzenszwalb & Huttenlocher, Efficient Graph-Based Image Segmentation, IJCV 2004, on the edges of the mesh,
/// which is how ScanNet's own segments are made.
[[nodiscard]] std::vector<std::uint32_t> segmentSurface(const Mesh& mesh, const SegmentOptions& options = {});

}  // namespace tagscape
