#pragma once

#include "core/synth/model.h"

#include <Eigen/Core>

#include <cstdint>
#include <optional>
#include <vector>

namespace tagscape::synth {

/// The first intersection of a ray with a model.
struct RayHit {
  std::uint32_t face = 0;                     ///< Row of Model::faces.
  float distance = 0;                         ///< In units of the length of the ray's direction.
  float second_weight = 0, third_weight = 0;  ///< Barycentric weights of the triangle's second and third corner.
};

/// Finds the first triangle on a ray, with a bounding volume hierarchy built by the surface area heuristic. The order
/// of arithmetic is fixed, so that the same ray gives the same bits on every processor, which libraries that choose
/// their instructions by processor (Embree) do not promise.
///
/// Copies the triangles: the model need not outlive it. Cost: O(N log N) to build. Thread-safe.
/// Sources: Möller & Trumbore, "Fast, minimum storage ray-triangle intersection", 1997; Wald, "On fast construction of
/// SAH-based bounding volume hierarchies", 2007.
class RayCaster {
 public:
  explicit RayCaster(const Model& model);

  [[nodiscard]] std::optional<RayHit> firstHit(const Eigen::Vector3f& origin_m, const Eigen::Vector3f& direction) const;

 private:
  struct Node {
    Eigen::Vector3f low;
    std::uint32_t first = 0;  ///< Leaf: first row of triangles_. Inner: the right child; the left one follows the node.
    Eigen::Vector3f high;
    std::uint32_t count = 0;  ///< Leaf: number of triangles. Inner: 0.
  };
  struct PackedTriangle {
    Eigen::Vector3f corner, edge_b, edge_c;
    std::uint32_t face = 0;
  };
  struct Builder;

  void testLeaf(const Node& leaf,
                const Eigen::Vector3f& origin_m,
                const Eigen::Vector3f& direction,
                RayHit& best) const;

  std::vector<PackedTriangle> triangles_;
  std::vector<Node> nodes_;
};

}  // namespace tagscape::synth
