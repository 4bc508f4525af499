#include "core/geometry/segment_surface.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace tagscape {
namespace {

struct Edge {
  float weight = 0;
  std::uint32_t a = 0, b = 0;
};

std::vector<Eigen::Vector3f> vertexNormals(const Mesh& mesh) {
  const auto& points = mesh.vertices.positions_m;
  std::vector<Eigen::Vector3f> normals(points.size(), Eigen::Vector3f::Zero());
  for (const Triangle& t : mesh.triangles) {
    // Not divided by its length: larger triangles count more.
    const Eigen::Vector3f normal = (points[t[1]] - points[t[0]]).cross(points[t[2]] - points[t[0]]);
    for (const std::uint32_t corner : t) normals[corner] += normal;
  }
  for (auto& normal : normals) normal.normalize();
  return normals;
}

std::vector<Edge> weighedEdges(const Mesh& mesh) {
  const auto& points = mesh.vertices.positions_m;
  const auto normals = vertexNormals(mesh);
  std::vector<Edge> edges;
  edges.reserve(mesh.triangles.size() * 3);
  for (const Triangle& t : mesh.triangles) {
    for (std::size_t k = 0; k < 3; ++k) {
      const std::uint32_t a = std::min(t[k], t[(k + 1) % 3]), b = std::max(t[k], t[(k + 1) % 3]);
      const float bend = std::max(0.F, 1 - normals[a].dot(normals[b]));
      const bool is_outwards = normals[b].dot((points[b] - points[a]).normalized()) > 0;
      edges.push_back({is_outwards ? bend * bend : bend, a, b});
    }
  }
  // Ties by vertex, so that the result is the same everywhere.
  std::sort(edges.begin(), edges.end(), [](const Edge& x, const Edge& y) {
    return std::tie(x.weight, x.a, x.b) < std::tie(y.weight, y.a, y.b);
  });
  return edges;
}

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

}  // namespace

std::vector<std::uint32_t> segmentSurface(const Mesh& mesh, const SegmentOptions& options) {
  if (mesh.triangles.empty()) return {};
  const std::size_t num_vertices = mesh.vertices.size();
  const auto edges = weighedEdges(mesh);
  Forest forest(num_vertices, options.threshold);
  for (const Edge& edge : edges) {
    const std::uint32_t a = forest.root(edge.a), b = forest.root(edge.b);
    if (a == b || edge.weight > forest.limit(a) || edge.weight > forest.limit(b)) continue;
    forest.join(a, b, edge.weight, options.threshold);
  }
  for (const Edge& edge : edges) {
    const std::uint32_t a = forest.root(edge.a), b = forest.root(edge.b);
    if (a == b || (forest.size(a) >= options.smallest_size && forest.size(b) >= options.smallest_size)) continue;
    forest.join(a, b, edge.weight, options.threshold);
  }
  constexpr std::uint32_t kUnnumbered = ~0U;
  std::vector<std::uint32_t> number(num_vertices, kUnnumbered), segments(num_vertices);
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < num_vertices; ++i) {
    std::uint32_t& of_root = number[forest.root(i)];
    if (of_root == kUnnumbered) of_root = next++;
    segments[i] = of_root;
  }
  return segments;
}

}  // namespace tagscape
