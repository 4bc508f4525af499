#include "core/geometry/graph_segments.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace tagscape {
namespace {

/// Disjoint sets with what the method asks of each: its size and how large an edge it still takes.
class Forest {
 public:
  Forest(std::size_t size, float threshold) : parent_(size), size_(size, 1), limit_(size, threshold) {
    std::iota(parent_.begin(), parent_.end(), 0U);
  }
  std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b, float weight, float threshold) {
    if (size_[a] < size_[b]) std::swap(a, b);
    parent_[b] = a;
    size_[a] += size_[b];
    limit_[a] = weight + threshold / static_cast<float>(size_[a]);
  }
  [[nodiscard]] float limit(std::uint32_t root) const { return limit_[root]; }
  [[nodiscard]] std::size_t size(std::uint32_t root) const { return size_[root]; }

 private:
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> size_;
  std::vector<float> limit_;
};

/// Roots as numbers from 0 without gaps.
std::vector<std::uint32_t> numbered(Forest& forest, std::size_t num_points) {
  constexpr std::uint32_t kUnnumbered = ~0U;
  std::vector<std::uint32_t> number(num_points, kUnnumbered), segments(num_points);
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < num_points; ++i) {
    std::uint32_t& of_root = number[forest.root(i)];
    if (of_root == kUnnumbered) of_root = next++;
    segments[i] = of_root;
  }
  return segments;
}

}  // namespace

std::vector<std::uint32_t> segmentGraph(std::size_t num_points,
                                        std::vector<NeighbourEdge> edges,
                                        float threshold,
                                        std::size_t smallest_size) {
  std::sort(edges.begin(), edges.end(), [](const NeighbourEdge& x, const NeighbourEdge& y) {
    return std::tie(x.weight, x.a, x.b) < std::tie(y.weight, y.a, y.b);
  });
  Forest forest(num_points, threshold);
  for (const NeighbourEdge& edge : edges) {
    const std::uint32_t a = forest.root(edge.a), b = forest.root(edge.b);
    if (a == b || edge.weight > forest.limit(a) || edge.weight > forest.limit(b)) continue;
    forest.join(a, b, edge.weight, threshold);
  }
  for (const NeighbourEdge& edge : edges) {
    const std::uint32_t a = forest.root(edge.a), b = forest.root(edge.b);
    if (a == b || (forest.size(a) >= smallest_size && forest.size(b) >= smallest_size)) continue;
    forest.join(a, b, edge.weight, threshold);
  }
  return numbered(forest, num_points);
}

}  // namespace tagscape
