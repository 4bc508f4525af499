#pragma once

#include "core/base/job.h"
#include "core/scene/point_cloud.h"

#include <cstdint>
#include <vector>

namespace tagscape {

struct PointSuperpointOptions {
  float threshold = 0.3F;  ///< Larger joins more; in the unit of the edges' weights.
  float color_weight = 1;  ///< Of a difference of colours, each in [0, 1], beside that of the normals (1 - |cosine|).
  float step_weight_per_m = 2;     ///< Of how far neighbours lie off each other's plane.
  float reach_m = 0.15F;           ///< Points further apart are no neighbours.
  std::size_t num_neighbours = 8;  ///< Each point is compared with.
  std::size_t min_size = 20;       ///< Superpoints with fewer points are joined to a neighbour.
};

/// Divides a cloud into pieces that bend little and have one colour: points are joined to their nearest neighbours.
/// Needs no triangles, so it ignores the connectivity of a surface; see surfaceSuperpoints for meshes.
///
/// @return [N] superpoint of every point, numbered from 0 without gaps; a point that is not finite is one of its own.
/// Cost: O(N log N), about 4 s per million points on one core.
/// Source: as surfaceSuperpoints, on the graph of nearest neighbours; normals of the 13 nearest points by Open3D.
[[nodiscard]] std::vector<std::uint32_t> pointSuperpoints(const PointCloud& points,
                                                          const PointSuperpointOptions& options = {});

/// The same with progress by points, checking for a stop every 65,536 of them. The final part, sorting and joining
/// edges (about 1 s per million points), does neither. Errors: Cancelled.
[[nodiscard]] Result<std::vector<std::uint32_t>> pointSuperpoints(const PointCloud& points,
                                                                  const PointSuperpointOptions& options,
                                                                  const Job& job);

}  // namespace tagscape
