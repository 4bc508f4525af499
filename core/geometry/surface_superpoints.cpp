#include "core/geometry/surface_superpoints.h"

#include "core/base/parallel.h"
#include "core/geometry/graph_superpoints.h"
#include "core/geometry/point_operators.h"

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace tagscape {
namespace {

constexpr std::size_t kGrain = 2048;
constexpr std::size_t kNormalNeighbours = 13;
constexpr std::size_t kEdgeNeighbours = 8;
constexpr float kReach_m = .15F;
constexpr float kGridCell_m = .05F;

std::vector<Eigen::Vector3f> normalsOfTriangles(const Mesh& mesh) {
  const auto& points = mesh.vertices.positions_m;
  std::vector<Eigen::Vector3f> normals(points.size(), Eigen::Vector3f::Zero());
  for (const Triangle& t : mesh.triangles) {
    // Not divided by its length: larger triangles count more.
    const Eigen::Vector3f normal = (points[t[1]] - points[t[0]]).cross(points[t[2]] - points[t[0]]);
    if (!normal.allFinite()) continue;
    for (const std::uint32_t corner : t) normals[corner] += normal;
  }
  for (auto& normal : normals) normal.normalize();
  return normals;
}

/// How much the surface bends between two vertices; bends outwards, as within an object, hardly count. Not a number if
/// one of them has no place.
NeighbourEdge edgeBetween(std::uint32_t a,
                          std::uint32_t b,
                          const std::vector<Eigen::Vector3f>& points,
                          std::span<const Eigen::Vector3f> normals) {
  if (a > b) std::swap(a, b);
  const float bend = std::max(0.F, 1 - normals[a].dot(normals[b]));
  const Eigen::Vector3f along = points[b] - points[a];
  // Outwards if either end falls away: of a noisy plane most edges then hardly count, as they should.
  const float fall = std::max(normals[b].dot(along), -normals[a].dot(along));
  if (std::isnan(along.sum())) return {along.sum(), a, b};
  return {fall > 0 ? bend * bend : bend, a, b};
}

std::vector<NeighbourEdge> edgesOf(const Mesh& mesh) {
  const auto& points = mesh.vertices.positions_m;
  const auto normals = normalsOfTriangles(mesh);
  std::vector<NeighbourEdge> edges(mesh.triangles.size() * 3);
  parallelFor(mesh.triangles.size(), 16 * kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Triangle& t = mesh.triangles[i];
      for (std::size_t k = 0; k < 3; ++k) edges[3 * i + k] = edgeBetween(t[k], t[(k + 1) % 3], points, normals);
    }
  });
  return edges;
}

/// The points that have a place, and the nearest ones of each.
struct Neighbourhoods {
  std::vector<std::uint32_t> rows;
  std::vector<Eigen::Vector3f> at_m;
  std::size_t count = 0;             ///< Neighbours of each, itself the first.
  std::vector<std::uint32_t> index;  ///< [rows, count], places in `rows`.
};

/// Neighbours of all finite points. Errors: Cancelled.
Result<Neighbourhoods> neighbourhoodsOf(const PointCloud& points, std::size_t count, const Job& job) {
  constexpr std::size_t kBlock = 65'536;
  Neighbourhoods found;
  for (std::uint32_t row = 0; row < points.size(); ++row) {
    if (!points.positions_m[row].allFinite()) continue;
    found.rows.push_back(row);
    found.at_m.push_back(points.positions_m[row]);
  }
  if (found.rows.empty()) return found;
  found.count = std::min(count, found.rows.size());
  found.index.reserve(found.rows.size() * found.count);
  const PointGrid grid(found.at_m, kGridCell_m);
  for (std::size_t begin = 0; begin < found.rows.size(); begin += kBlock) {
    TAGSCAPE_TRY(job.checkStop("Dividing the cloud"));
    job.report("dividing the cloud", static_cast<std::int64_t>(begin), static_cast<std::int64_t>(found.rows.size()));
    const auto block = std::span(found.at_m).subspan(begin, std::min(kBlock, found.rows.size() - begin));
    const auto nearest = grid.nearest(block, found.count);
    found.index.insert(found.index.end(), nearest.index.begin(), nearest.index.end());
  }
  return found;
}

/// The direction in which points spread least; 0 where they have no plane.
Eigen::Vector3f planeNormal(const std::vector<Eigen::Vector3f>& at_m, std::span<const std::uint32_t> rows) {
  Eigen::Vector3f mean = Eigen::Vector3f::Zero();
  for (const std::uint32_t row : rows) mean += at_m[row];
  mean /= static_cast<float>(rows.size());
  Eigen::Matrix3f covariance = Eigen::Matrix3f::Zero();
  for (const std::uint32_t row : rows) covariance += (at_m[row] - mean) * (at_m[row] - mean).transpose();
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3f> solver(covariance);
  if (rows.size() < 3 || solver.eigenvalues()[1] <= 0) return Eigen::Vector3f::Zero();
  return solver.eigenvectors().col(0);
}

/// Somewhere from where most of a room is seen: over its middle, near its highest point.
Eigen::Vector3f viewpointOf(const std::vector<Eigen::Vector3f>& at_m) {
  constexpr float kHigh = .8F;
  Eigen::Vector3f low = at_m.front(), high = at_m.front(), sum = Eigen::Vector3f::Zero();
  for (const Eigen::Vector3f& point : at_m) {
    low = low.cwiseMin(point);
    high = high.cwiseMax(point);
    sum += point;
  }
  const Eigen::Vector3f mean = sum / static_cast<float>(at_m.size());
  return {mean.x(), mean.y(), low.z() + kHigh * (high.z() - low.z())};
}

}  // namespace

std::vector<std::vector<std::uint32_t>> surfaceSuperpoints(const Mesh& mesh,
                                                           std::span<const SuperpointOptions> scales) {
  if (mesh.triangles.empty()) return std::vector<std::vector<std::uint32_t>>(scales.size());
  return graphSuperpoints(mesh.vertices.size(), edgesOf(mesh), scales);
}

std::vector<std::uint32_t> surfaceSuperpoints(const Mesh& mesh, const SuperpointOptions& options) {
  return surfaceSuperpoints(mesh, std::span(&options, 1)).front();
}

Result<std::vector<Eigen::Vector3f>> vertexNormals(const Mesh& mesh, const Job& job) {
  const PointCloud& points = mesh.vertices;
  if (!mesh.triangles.empty()) return normalsOfTriangles(mesh);
  if (points.normals.size() == points.size()) return points.normals;
  TAGSCAPE_ASSIGN(const Neighbourhoods near, neighbourhoodsOf(points, kNormalNeighbours, job));
  std::vector<Eigen::Vector3f> normals(points.size(), Eigen::Vector3f::Zero());
  if (near.rows.empty()) return normals;
  const Eigen::Vector3f viewpoint = viewpointOf(near.at_m);
  parallelFor(near.rows.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      Eigen::Vector3f normal = planeNormal(near.at_m, std::span(near.index).subspan(i * near.count, near.count));
      if (normal.dot(viewpoint - near.at_m[i]) < 0) normal = -normal;
      normals[near.rows[i]] = normal;
    }
  });
  return normals;
}

Result<std::vector<std::vector<std::uint32_t>>> superpointsByNormals(const PointCloud& points,
                                                                     std::span<const Eigen::Vector3f> normals,
                                                                     std::span<const SuperpointOptions> scales,
                                                                     const Job& job) {
  TAGSCAPE_ASSIGN(const Neighbourhoods near, neighbourhoodsOf(points, kEdgeNeighbours + 1, job));
  std::vector<NeighbourEdge> edges;
  edges.reserve(near.index.size());
  for (std::size_t i = 0; i < near.rows.size(); ++i) {
    for (const std::uint32_t j : std::span(near.index).subspan(i * near.count, near.count)) {
      if (j == i || (near.at_m[j] - near.at_m[i]).norm() > kReach_m) continue;
      edges.push_back(edgeBetween(near.rows[i], near.rows[j], points.positions_m, normals));
    }
  }
  TAGSCAPE_TRY(job.checkStop("Dividing the cloud"));
  return graphSuperpoints(points.size(), std::move(edges), scales);
}

}  // namespace tagscape
