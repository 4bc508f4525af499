#pragma once

#include "core/synth/model.h"

#include <Eigen/Core>

#include <cstdint>
#include <optional>
#include <vector>

namespace tagscape::synth {

/// Where a ray meets a model first.
struct RayHit {
  std::uint32_t face = 0;                     ///< Row of Model::faces.
  float distance = 0;                         ///< In lengths of the ray's direction.
  float second_weight = 0, third_weight = 0;  ///< Barycentric weights of the triangle's second and third corner.
};

/// Finds the first triangle on a ray, with a bounding volume hierarchy. Plain arithmetic in one order, so that the same
/// ray always gives the same bits.
///
/// Keeps a reference to the model, which must outlive it and stay as it is. Building: O(N log N). Safe to ask from
/// several threads at once.
/// Source of the triangle test: Möller & Trumbore, "Fast, minimum storage ray-triangle intersection", 1997.
class RayCaster {
 public:
  explicit RayCaster(const Model& model);

  [[nodiscard]] std::optional<RayHit> firstHit(const Eigen::Vector3f& origin_m, const Eigen::Vector3f& direction) const;

 private:
  struct Node {
    Eigen::Vector3f low, high;
    std::uint32_t first = 0;  ///< Leaf: first row of order_. Inner: the right child; the left one follows the node.
    std::uint32_t count = 0;  ///< Leaf: number of faces. Inner: 0.
  };
  void build(std::uint32_t begin, std::uint32_t end);
  void boundsOf(std::uint32_t begin, std::uint32_t end, Node& node) const;
  [[nodiscard]] Eigen::Vector3f middleOf(std::uint32_t face) const;
  void testLeaf(const Node& leaf,
                const Eigen::Vector3f& origin_m,
                const Eigen::Vector3f& direction,
                std::optional<RayHit>& best) const;

  const Model& model_;
  std::vector<std::uint32_t> order_;
  std::vector<Node> nodes_;
};

}  // namespace tagscape::synth
