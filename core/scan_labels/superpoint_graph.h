#pragma once

#include "core/scan_labels/class_values.h"
#include "core/scene/point_cloud.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// The superpoints of a scan at one scale: what each looks like and which ones touch.
struct SuperpointGraph {
  /// Two superpoints that touch.
  struct Border {
    std::uint32_t a = 0, b = 0;
    float length = 0;    ///< Edges between them.
    float likeness = 0;  ///< length * exp(-|difference of their mean colours|^2 / (2 * .15^2)), colours in 0 … 1.
  };

  std::vector<std::uint32_t> of_vertex;  ///< [N] superpoint of every vertex.
  std::size_t count = 0;
  std::vector<float> sizes;     ///< [count] vertices.
  std::vector<float> areas_m2;  ///< [count] a third of every triangle for each of its corners; 0 without triangles.
  std::vector<Eigen::Vector3f>
      means_m;  ///< [count]; those of superpoints with vertices that have no place are ignored.
  std::vector<Eigen::Vector3f> normals;  ///< [count] mean normal, of length at most 1.
  std::vector<Eigen::Vector3f> colors;   ///< [count] mean colour, 0 … 1.
  std::vector<Border> borders;           ///< Each pair once, by a then b.
};

/// @param of_vertex  superpoint of every vertex, numbered from 0 without gaps.
/// @param normals    [N].
/// Edges are those of the triangles; without triangles, pairs of a vertex and its 8 nearest within 15 cm.
/// Cost: O(N + triangles).
[[nodiscard]] SuperpointGraph superpointGraph(const Mesh& mesh,
                                              std::vector<std::uint32_t> of_vertex,
                                              std::span<const Eigen::Vector3f> normals);

/// Logits of superpoints after they heard their neighbours: log(q + .001) plus `weight` times the mean posterior of the
/// neighbours, by the likeness of the borders over the length of all borders. Five rounds.
/// @param q  [count, kNumClasses] probabilities.
[[nodiscard]] ClassValues smoothedLogits(const SuperpointGraph& graph, const ClassValues& q, float weight);

/// For every superpoint the most similar of those in `is_seen` (itself if it is one of them): the nearest in
/// position (m), normal (times .7) and colour (times 2). Without any seen one: itself.
[[nodiscard]] std::vector<std::uint32_t> nearestSeen(const SuperpointGraph& graph, const std::vector<bool>& is_seen);

}  // namespace tagscape
