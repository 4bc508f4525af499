#include "core/geometry/segment_surface.h"

#include "core/geometry/graph_segments.h"

#include <Eigen/Geometry>

#include <algorithm>

namespace tagscape {
namespace {

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

std::vector<NeighbourEdge> edgesOf(const Mesh& mesh) {
  const auto& points = mesh.vertices.positions_m;
  const auto normals = vertexNormals(mesh);
  std::vector<NeighbourEdge> edges;
  edges.reserve(mesh.triangles.size() * 3);
  for (const Triangle& t : mesh.triangles) {
    for (std::size_t k = 0; k < 3; ++k) {
      const std::uint32_t a = std::min(t[k], t[(k + 1) % 3]), b = std::max(t[k], t[(k + 1) % 3]);
      const float bend = std::max(0.F, 1 - normals[a].dot(normals[b]));
      const bool is_outwards = normals[b].dot((points[b] - points[a]).normalized()) > 0;
      edges.push_back({is_outwards ? bend * bend : bend, a, b});
    }
  }
  return edges;
}

}  // namespace

std::vector<std::uint32_t> segmentSurface(const Mesh& mesh, const SegmentOptions& options) {
  if (mesh.triangles.empty()) return {};
  return segmentGraph(mesh.vertices.size(), edgesOf(mesh), options.threshold, options.smallest_size);
}

}  // namespace tagscape
