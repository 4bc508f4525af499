#include "core/synth/ray_caster.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

constexpr std::uint32_t kLeafSize = 4;
constexpr int kNumBins = 16;
/// Deeper than the splits below can go: each leaves at least one triangle on either side, and beyond kMaxUneven levels
/// they halve.
constexpr std::size_t kStackSize = 96;
constexpr int kMaxUneven = 48;
/// Triangles are enlarged by this, so that no ray passes between two that share an edge.
constexpr float kEdgeTolerance = 1e-6F;
constexpr float kMinDistance = 1e-4F;

/// Where the ray enters the box, or infinity if it misses it or meets it only beyond `limit`. Written out by axis: this
/// is where the time goes.
inline float entryDistance(
    const Vector3f& low, const Vector3f& high, const Vector3f& origin, const Vector3f& inverse_direction, float limit) {
  const float x0 = (low.x() - origin.x()) * inverse_direction.x();
  const float x1 = (high.x() - origin.x()) * inverse_direction.x();
  const float y0 = (low.y() - origin.y()) * inverse_direction.y();
  const float y1 = (high.y() - origin.y()) * inverse_direction.y();
  const float z0 = (low.z() - origin.z()) * inverse_direction.z();
  const float z1 = (high.z() - origin.z()) * inverse_direction.z();
  const float enter = std::max(std::max(std::min(x0, x1), std::min(y0, y1)), std::max(std::min(z0, z1), 0.F));
  const float leave = std::min(std::min(std::max(x0, x1), std::max(y0, y1)), std::min(std::max(z0, z1), limit));
  return enter <= leave ? enter : std::numeric_limits<float>::infinity();
}

/// 1/x with zero replaced by something tiny, so that no 0 * infinity appears in the slab test.
Vector3f safeInverse(const Vector3f& direction) {
  return direction.unaryExpr([](float x) { return 1.F / (std::abs(x) < 1e-12F ? 1e-12F : x); });
}

struct Bounds {
  Vector3f low = Vector3f::Constant(std::numeric_limits<float>::max());
  Vector3f high = Vector3f::Constant(std::numeric_limits<float>::lowest());

  void include(const Bounds& other) {
    low = low.cwiseMin(other.low);
    high = high.cwiseMax(other.high);
  }
  void include(const Vector3f& point) {
    low = low.cwiseMin(point);
    high = high.cwiseMax(point);
  }
  [[nodiscard]] float area() const {
    const Vector3f size = (high - low).cwiseMax(0.F);
    return size.x() * size.y() + size.y() * size.z() + size.z() * size.x();
  }
};

}  // namespace

/// Splits the triangles from the top down. Stable partitions and ties broken by number: the order must not depend on
/// the library.
struct RayCaster::Builder {
  explicit Builder(const Model& model) : order(model.faces.size()), boxes(order.size()), middles(order.size()) {
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (const auto corner : model.faces[i].corners) boxes[i].include(model.positions_m[corner]);
      middles[i] = (boxes[i].low + boxes[i].high) / 2;
    }
    nodes.reserve(order.size() + 1);
    if (!order.empty()) build(0, static_cast<std::uint32_t>(order.size()), 0);
  }

  void build(std::uint32_t begin, std::uint32_t end, int depth) {
    const std::size_t at = nodes.size();
    nodes.emplace_back();
    Bounds bounds;
    for (std::uint32_t i = begin; i < end; ++i) bounds.include(boxes[order[i]]);
    nodes[at].low = bounds.low;
    nodes[at].high = bounds.high;
    if (end - begin <= kLeafSize) {
      nodes[at].first = begin;
      nodes[at].count = end - begin;
      return;
    }
    std::uint32_t middle = depth < kMaxUneven ? splitByArea(begin, end) : begin;
    if (middle == begin || middle == end) middle = splitInHalves(begin, end);
    build(begin, middle, depth + 1);
    nodes[at].first = static_cast<std::uint32_t>(nodes.size());
    build(middle, end, depth + 1);
  }

  /// @return the start of the right side; `begin` if all centres coincide.
  std::uint32_t splitByArea(std::uint32_t begin, std::uint32_t end) {
    Bounds span;
    for (std::uint32_t i = begin; i < end; ++i) span.include(middles[order[i]]);
    Eigen::Index axis = 0;
    const float length = (span.high - span.low).maxCoeff(&axis);
    if (!(length > 0)) return begin;
    const auto binOf = [&](std::uint32_t face) {
      const float fraction = (middles[face][axis] - span.low[axis]) / length;
      return std::min(kNumBins - 1, static_cast<int>(fraction * kNumBins));
    };
    std::array<Bounds, kNumBins> boxes_of{};
    std::array<std::uint32_t, kNumBins> counts{};
    for (std::uint32_t i = begin; i < end; ++i) {
      const auto bin = static_cast<std::size_t>(binOf(order[i]));
      boxes_of[bin].include(boxes[order[i]]);
      ++counts[bin];
    }
    const int best = cheapestSplit(boxes_of, counts);
    const auto right = std::stable_partition(
        order.begin() + begin, order.begin() + end, [&](std::uint32_t face) { return binOf(face) <= best; });
    return static_cast<std::uint32_t>(right - order.begin());
  }

  /// @return the last bin of the left side.
  static int cheapestSplit(const std::array<Bounds, kNumBins>& boxes_of,
                           const std::array<std::uint32_t, kNumBins>& counts) {
    std::array<float, kNumBins> cost_right{};
    Bounds right;
    std::uint32_t num_right = 0;
    for (std::size_t i = kNumBins - 1; i > 0; --i) {
      right.include(boxes_of[i]);
      num_right += counts[i];
      cost_right[i] = num_right == 0 ? 0 : right.area() * static_cast<float>(num_right);
    }
    int best = 0;
    float min_cost = std::numeric_limits<float>::max();
    Bounds left;
    std::uint32_t num_left = 0;
    for (std::size_t i = 0; i + 1 < kNumBins; ++i) {
      left.include(boxes_of[i]);
      num_left += counts[i];
      const float cost = (num_left == 0 ? 0 : left.area() * static_cast<float>(num_left)) + cost_right[i + 1];
      if (num_left == 0 || cost >= min_cost) continue;
      min_cost = cost;
      best = static_cast<int>(i);
    }
    return best;
  }

  std::uint32_t splitInHalves(std::uint32_t begin, std::uint32_t end) {
    std::sort(order.begin() + begin, order.begin() + end, [&](std::uint32_t a, std::uint32_t b) {
      return middles[a].x() < middles[b].x() || (middles[a].x() == middles[b].x() && a < b);
    });
    return begin + (end - begin) / 2;
  }

  std::vector<std::uint32_t> order;
  std::vector<Bounds> boxes;
  std::vector<Vector3f> middles;
  std::vector<Node> nodes;
};

RayCaster::RayCaster(const Model& model) {
  Builder builder(model);
  nodes_ = std::move(builder.nodes);
  triangles_.reserve(builder.order.size());
  for (const auto face : builder.order) {
    const auto& corners = model.faces[face].corners;
    const Vector3f& a = model.positions_m[corners[0]];
    triangles_.push_back({a, model.positions_m[corners[1]] - a, model.positions_m[corners[2]] - a, face});
  }
}

std::optional<RayHit> RayCaster::firstHit(const Vector3f& origin_m, const Vector3f& direction) const {
  if (nodes_.empty()) return std::nullopt;
  constexpr float kNowhere = std::numeric_limits<float>::max();
  RayHit best{0, kNowhere, 0, 0};
  const Vector3f inverse = safeInverse(direction);
  struct Visit {
    std::uint32_t node;
    float entry;
  };
  std::array<Visit, kStackSize> stack;
  std::size_t depth = 0;
  std::uint32_t at = 0;
  for (;;) {
    const Node& node = nodes_[at];
    if (node.count > 0) {
      testLeaf(node, origin_m, direction, best);
    } else {
      const Node& left = nodes_[at + 1];
      const Node& right = nodes_[node.first];
      Visit nearer{at + 1, entryDistance(left.low, left.high, origin_m, inverse, best.distance)};
      Visit farther{node.first, entryDistance(right.low, right.high, origin_m, inverse, best.distance)};
      if (farther.entry < nearer.entry) std::swap(nearer, farther);
      if (farther.entry <= best.distance) stack[depth++] = farther;
      if (nearer.entry <= best.distance) {
        at = nearer.node;
        continue;
      }
    }
    while (depth > 0 && stack[depth - 1].entry > best.distance) --depth;
    if (depth == 0) break;
    at = stack[--depth].node;
  }
  return best.distance < kNowhere ? std::optional(best) : std::nullopt;
}

void RayCaster::testLeaf(const Node& leaf, const Vector3f& origin_m, const Vector3f& direction, RayHit& best) const {
  for (std::uint32_t i = leaf.first; i < leaf.first + leaf.count; ++i) {
    const PackedTriangle& triangle = triangles_[i];
    const Vector3f across = direction.cross(triangle.edge_c);
    const float determinant = triangle.edge_b.dot(across);
    if (std::abs(determinant) < 1e-12F) continue;
    const float inverse = 1.F / determinant;
    const Vector3f from_corner = origin_m - triangle.corner;
    const float weight_b = from_corner.dot(across) * inverse;
    if (weight_b < -kEdgeTolerance || weight_b > 1 + kEdgeTolerance) continue;
    const Vector3f turned = from_corner.cross(triangle.edge_b);
    const float weight_c = direction.dot(turned) * inverse;
    if (weight_c < -kEdgeTolerance || weight_b + weight_c > 1 + kEdgeTolerance) continue;
    const float distance = triangle.edge_c.dot(turned) * inverse;
    if (distance < kMinDistance || distance >= best.distance) continue;
    best = RayHit{triangle.face, distance, weight_b, weight_c};
  }
}

}  // namespace tagscape::synth
