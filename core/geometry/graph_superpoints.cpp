#include "core/geometry/graph_superpoints.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

namespace tagscape {
namespace {

/// Disjoint sets with what the method asks of each: its size and how large an edge it still takes.
class Forest {
 public:
  Forest(std::size_t size, float threshold)
      : parent_(size), size_(size, 1), limit_(size, threshold), threshold_(threshold) {
    std::iota(parent_.begin(), parent_.end(), 0U);
  }
  std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b, float weight) {
    if (size_[a] < size_[b]) std::swap(a, b);
    parent_[b] = a;
    size_[a] += size_[b];
    limit_[a] = weight + threshold_ / static_cast<float>(size_[a]);
  }
  [[nodiscard]] float limit(std::uint32_t root) const { return limit_[root]; }
  [[nodiscard]] std::size_t size(std::uint32_t root) const { return size_[root]; }

 private:
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> size_;
  std::vector<float> limit_;
  float threshold_;
};

/// Stable, by weight. The bits of floats that are not negative have the order of the floats.
void sortByWeight(std::vector<NeighbourEdge>& edges) {
  constexpr int kBits = 11, kPasses = 3;
  constexpr std::uint32_t kBuckets = 1U << kBits;
  std::vector<NeighbourEdge> sorted(edges.size());
  for (int pass = 0; pass < kPasses; ++pass) {
    const auto bucketOf = [shift = pass * kBits](const NeighbourEdge& edge) {
      return (std::bit_cast<std::uint32_t>(edge.weight) >> shift) & (kBuckets - 1);
    };
    std::array<std::size_t, kBuckets> next{};
    for (const NeighbourEdge& edge : edges) ++next[bucketOf(edge)];
    std::exclusive_scan(next.begin(), next.end(), next.begin(), std::size_t{0});
    for (const NeighbourEdge& edge : edges) sorted[next[bucketOf(edge)]++] = edge;
    edges.swap(sorted);
  }
}

/// Joins what the method's own criterion joins. @return the edges that lie between superpoints.
std::vector<NeighbourEdge> grow(Forest& forest, const std::vector<NeighbourEdge>& edges) {
  std::vector<NeighbourEdge> between;
  for (const NeighbourEdge& edge : edges) {
    const std::uint32_t a = forest.root(edge.a), b = forest.root(edge.b);
    if (a == b) continue;
    if (edge.weight <= forest.limit(a) && edge.weight <= forest.limit(b)) {
      forest.join(a, b, edge.weight);
    } else {
      between.push_back(edge);
    }
  }
  std::erase_if(between, [&](const NeighbourEdge& edge) { return forest.root(edge.a) == forest.root(edge.b); });
  return between;
}

void joinSmall(Forest& forest, const std::vector<NeighbourEdge>& between, std::size_t min_size) {
  for (const NeighbourEdge& edge : between) {
    const std::uint32_t a = forest.root(edge.a), b = forest.root(edge.b);
    if (a != b && (forest.size(a) < min_size || forest.size(b) < min_size)) forest.join(a, b, edge.weight);
  }
}

/// Roots as numbers from 0 without gaps.
std::vector<std::uint32_t> numbered(Forest& forest, std::size_t num_points) {
  constexpr std::uint32_t kUnnumbered = ~0U;
  std::vector<std::uint32_t> number(num_points, kUnnumbered), superpoints(num_points);
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < num_points; ++i) {
    std::uint32_t& of_root = number[forest.root(i)];
    if (of_root == kUnnumbered) of_root = next++;
    superpoints[i] = of_root;
  }
  return superpoints;
}

}  // namespace

std::vector<std::vector<std::uint32_t>> graphSuperpoints(std::size_t num_points,
                                                         std::vector<NeighbourEdge> edges,
                                                         std::span<const SuperpointOptions> scales) {
  std::erase_if(edges, [](const NeighbourEdge& edge) { return !std::isfinite(edge.weight); });
  sortByWeight(edges);
  std::vector<std::vector<std::uint32_t>> superpoints(scales.size());
  for (std::size_t first = 0; first < scales.size(); ++first) {
    if (!superpoints[first].empty()) continue;
    const float threshold = scales[first].threshold;
    Forest grown(num_points, threshold);
    const std::vector<NeighbourEdge> between = grow(grown, edges);
    for (std::size_t scale = first; scale < scales.size(); ++scale) {
      if (scales[scale].threshold != threshold) continue;
      Forest forest = grown;
      joinSmall(forest, between, scales[scale].min_size);
      superpoints[scale] = numbered(forest, num_points);
    }
  }
  return superpoints;
}

}  // namespace tagscape
