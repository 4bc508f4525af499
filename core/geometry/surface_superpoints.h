#pragma once

#include "core/base/job.h"
#include "core/scene/point_cloud.h"

#include <Eigen/Core>

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

struct SuperpointOptions {
  float threshold = 0.01F;    ///< Larger joins more; in the unit of the edges' weights.
  std::size_t min_size = 20;  ///< Superpoints with fewer vertices are joined to a neighbour.
};

/// Divides a surface into pieces that bend little: vertices are joined along edges, those first whose normals differ
/// least (1 - cosine; bends inwards, where objects meet, count fully, bends outwards by their square).
///
/// @return [N] superpoint of every vertex, numbered from 0 without gaps; empty for a mesh without triangles.
/// Cost: O(E), some 0.1 s per million triangles.
/// Source: Felzenszwalb & Huttenlocher, Efficient Graph-Based Image Segmentation, IJCV 2004, on the edges of the mesh,
/// which is how ScanNet's own segments are made.
[[nodiscard]] std::vector<std::uint32_t> surfaceSuperpoints(const Mesh& mesh, const SuperpointOptions& options = {});

/// The same at several scales, whose edges are weighed and sorted once. Each scale is as if it were alone.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> surfaceSuperpoints(const Mesh& mesh,
                                                                         std::span<const SuperpointOptions> scales);

/// The same for points without triangles: each is a neighbour of its 8 nearest points within 15 cm.
/// @param normals  [N], of unit length, from the surface towards the side that was scanned; vertexNormals makes them.
[[nodiscard]] Result<std::vector<std::vector<std::uint32_t>>> superpointsByNormals(
    const PointCloud& points,
    std::span<const Eigen::Vector3f> normals,
    std::span<const SuperpointOptions> scales,
    const Job& job);

/// Unit normals of a mesh's vertices: the mean of their triangles' by area; 0 for a vertex of none but degenerate ones.
/// Without triangles the cloud's own normals, and where it has none, those of the plane through the 13 nearest points,
/// on the side of the cloud's centre and top, from where a room is scanned.
/// Errors: Cancelled.
[[nodiscard]] Result<std::vector<Eigen::Vector3f>> vertexNormals(const Mesh& mesh, const Job& job);

}  // namespace tagscape
