#include "core/synth/ray_caster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace tagscape::synth {
namespace {

constexpr std::uint32_t kLeafSize = 4;
/// Enough for 2^60 faces, as every level halves them.
constexpr std::size_t kMaxDepth = 64;
/// Triangles reach this much over their edges, so that no ray slips between two that share one.
constexpr float kEdgeTolerance = 1e-6F;
constexpr float kMinDistance = 1e-4F;

/// Where the ray enters the box, or infinity if it misses it or meets it only beyond `limit`. Written out by axis: this
/// is where the time goes.
float entryDistance(const Eigen::Vector3f& low,
                    const Eigen::Vector3f& high,
                    const Eigen::Vector3f& origin,
                    const Eigen::Vector3f& inverse_direction,
                    float limit) {
  float enter = 0;
  float leave = limit;
  for (int axis = 0; axis < 3; ++axis) {
    const float to_low = (low[axis] - origin[axis]) * inverse_direction[axis];
    const float to_high = (high[axis] - origin[axis]) * inverse_direction[axis];
    enter = std::max(enter, std::min(to_low, to_high));
    leave = std::min(leave, std::max(to_low, to_high));
  }
  return enter <= leave ? enter : std::numeric_limits<float>::infinity();
}

/// 1/x with zero replaced by something tiny, so that no 0 * infinity appears in the slab test.
Eigen::Vector3f safeInverse(const Eigen::Vector3f& direction) {
  return direction.unaryExpr([](float x) { return 1.F / (std::abs(x) < 1e-12F ? 1e-12F : x); });
}

}  // namespace

RayCaster::RayCaster(const Model& model) : model_(model), order_(model.faces.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
  nodes_.reserve(2 * order_.size() / kLeafSize + 1);
  if (!order_.empty()) build(0, static_cast<std::uint32_t>(order_.size()));
}

std::optional<RayHit> RayCaster::firstHit(const Eigen::Vector3f& origin_m, const Eigen::Vector3f& direction) const {
  std::optional<RayHit> best;
  if (nodes_.empty()) return best;
  const Eigen::Vector3f inverse = safeInverse(direction);
  struct Visit {
    std::uint32_t node;
    float entry;
  };
  std::array<Visit, kMaxDepth> stack;
  std::size_t depth = 0;
  stack[depth++] = {0, 0};
  while (depth > 0) {
    const auto [at, entry] = stack[--depth];
    const float limit = best ? best->distance : std::numeric_limits<float>::max();
    if (entry > limit) continue;
    const Node& node = nodes_[at];
    if (node.count > 0) {
      testLeaf(node, origin_m, direction, best);
      continue;
    }
    const auto visitOf = [&](std::uint32_t child) {
      return Visit{child, entryDistance(nodes_[child].low, nodes_[child].high, origin_m, inverse, limit)};
    };
    Visit nearer = visitOf(at + 1);
    Visit farther = visitOf(node.first);
    if (farther.entry < nearer.entry) std::swap(nearer, farther);
    if (!std::isinf(farther.entry)) stack[depth++] = farther;
    if (!std::isinf(nearer.entry)) stack[depth++] = nearer;
  }
  return best;
}

void RayCaster::build(std::uint32_t begin, std::uint32_t end) {
  const std::size_t at = nodes_.size();
  nodes_.emplace_back();
  boundsOf(begin, end, nodes_[at]);
  if (end - begin <= kLeafSize) {
    nodes_[at].first = begin;
    nodes_[at].count = end - begin;
    return;
  }
  Eigen::Index axis = 0;
  (nodes_[at].high - nodes_[at].low).maxCoeff(&axis);
  // A full sort with ties broken by number, rather than nth_element: the order must not depend on the library.
  std::sort(order_.begin() + begin, order_.begin() + end, [&](std::uint32_t a, std::uint32_t b) {
    const float middle_a = middleOf(a)[axis];
    const float middle_b = middleOf(b)[axis];
    return middle_a < middle_b || (middle_a == middle_b && a < b);
  });
  const std::uint32_t middle = begin + (end - begin) / 2;
  build(begin, middle);
  nodes_[at].first = static_cast<std::uint32_t>(nodes_.size());
  build(middle, end);
}

void RayCaster::boundsOf(std::uint32_t begin, std::uint32_t end, Node& node) const {
  node.low.setConstant(std::numeric_limits<float>::max());
  node.high.setConstant(std::numeric_limits<float>::lowest());
  for (std::uint32_t i = begin; i < end; ++i) {
    for (const auto corner : model_.faces[order_[i]].corners) {
      node.low = node.low.cwiseMin(model_.positions_m[corner]);
      node.high = node.high.cwiseMax(model_.positions_m[corner]);
    }
  }
}

Eigen::Vector3f RayCaster::middleOf(std::uint32_t face) const {
  const auto& corners = model_.faces[face].corners;
  return (model_.positions_m[corners[0]] + model_.positions_m[corners[1]] + model_.positions_m[corners[2]]) / 3;
}

void RayCaster::testLeaf(const Node& leaf,
                         const Eigen::Vector3f& origin_m,
                         const Eigen::Vector3f& direction,
                         std::optional<RayHit>& best) const {
  for (std::uint32_t i = leaf.first; i < leaf.first + leaf.count; ++i) {
    const auto& corners = model_.faces[order_[i]].corners;
    const Eigen::Vector3f& a = model_.positions_m[corners[0]];
    const Eigen::Vector3f edge_b = model_.positions_m[corners[1]] - a;
    const Eigen::Vector3f edge_c = model_.positions_m[corners[2]] - a;
    const Eigen::Vector3f across = direction.cross(edge_c);
    const float determinant = edge_b.dot(across);
    if (std::abs(determinant) < 1e-12F) continue;
    const Eigen::Vector3f from_a = origin_m - a;
    const float weight_b = from_a.dot(across) / determinant;
    const Eigen::Vector3f turned = from_a.cross(edge_b);
    const float weight_c = direction.dot(turned) / determinant;
    if (weight_b < -kEdgeTolerance || weight_c < -kEdgeTolerance || weight_b + weight_c > 1 + kEdgeTolerance) continue;
    const float distance = edge_c.dot(turned) / determinant;
    if (distance < kMinDistance || (best && distance >= best->distance)) continue;
    best = RayHit{order_[i], distance, weight_b, weight_c};
  }
}

}  // namespace tagscape::synth
