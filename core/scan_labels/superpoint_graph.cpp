#include "core/scan_labels/superpoint_graph.h"

#include "core/base/parallel.h"
#include "core/geometry/point_operators.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace tagscape {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

void addPair(std::uint32_t a, std::uint32_t b, std::vector<Pair>& pairs) {
  if (a != b) pairs.emplace_back(std::min(a, b), std::max(a, b));
}

/// Pairs of superpoints that edges join, each as often as there are edges.
std::vector<Pair> touchingPairs(const Mesh& mesh, const std::vector<std::uint32_t>& of_vertex) {
  std::vector<Pair> pairs;
  for (const Triangle& t : mesh.triangles) {
    for (std::size_t k = 0; k < 3; ++k) addPair(of_vertex[t[k]], of_vertex[t[(k + 1) % 3]], pairs);
  }
  if (!mesh.triangles.empty()) return pairs;
  constexpr std::size_t kNeighbours = 9;  // With the point itself.
  constexpr float kReach_m2 = .15F * .15F, kGridCell_m = .05F;
  std::vector<std::uint32_t> rows;
  std::vector<Eigen::Vector3f> at_m;
  for (std::uint32_t row = 0; row < mesh.vertices.size(); ++row) {
    if (!mesh.vertices.positions_m[row].allFinite()) continue;
    rows.push_back(row);
    at_m.push_back(mesh.vertices.positions_m[row]);
  }
  if (rows.empty()) return pairs;
  const auto near = PointGrid(at_m, kGridCell_m).nearest(at_m, kNeighbours);
  for (std::size_t i = 0; i < near.index.size(); ++i) {
    if (near.squared_distance_m2[i] <= kReach_m2)
      addPair(of_vertex[rows[i / kNeighbours]], of_vertex[rows[near.index[i]]], pairs);
  }
  return pairs;
}

void addMeans(const Mesh& mesh, std::span<const Eigen::Vector3f> normals, SuperpointGraph& graph) {
  const PointCloud& points = mesh.vertices;
  for (auto* values : {&graph.means_m, &graph.normals, &graph.colors})
    values->assign(graph.count, Eigen::Vector3f::Zero());
  graph.sizes.assign(graph.count, 0.F);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::uint32_t s = graph.of_vertex[i];
    graph.sizes[s] += 1;
    if (points.positions_m[i].allFinite()) graph.means_m[s] += points.positions_m[i];
    graph.normals[s] += normals[i];
    if (points.colors.empty()) continue;
    const Rgb8& color = points.colors[i];
    graph.colors[s] += Eigen::Vector3f(color[0], color[1], color[2]) / 255;
  }
  for (std::size_t s = 0; s < graph.count; ++s) {
    for (auto* values : {&graph.means_m, &graph.normals, &graph.colors}) (*values)[s] /= graph.sizes[s];
  }
}

void addAreas(const Mesh& mesh, SuperpointGraph& graph) {
  graph.areas_m2.assign(graph.count, 0.F);
  const auto& points = mesh.vertices.positions_m;
  for (const Triangle& t : mesh.triangles) {
    const float area = (points[t[1]] - points[t[0]]).cross(points[t[2]] - points[t[0]]).norm() / 2;
    if (!std::isfinite(area)) continue;
    for (const std::uint32_t corner : t) graph.areas_m2[graph.of_vertex[corner]] += area / 3;
  }
}

}  // namespace

SuperpointGraph superpointGraph(const Mesh& mesh,
                                std::vector<std::uint32_t> of_vertex,
                                std::span<const Eigen::Vector3f> normals) {
  constexpr float kColorDeviation = .15F;
  SuperpointGraph graph;
  graph.of_vertex = std::move(of_vertex);
  for (const std::uint32_t s : graph.of_vertex) graph.count = std::max<std::size_t>(graph.count, s + 1);
  addMeans(mesh, normals, graph);
  addAreas(mesh, graph);
  std::vector<Pair> pairs = touchingPairs(mesh, graph.of_vertex);
  std::sort(pairs.begin(), pairs.end());
  for (std::size_t i = 0; i < pairs.size();) {
    const std::size_t begin = i;
    while (i < pairs.size() && pairs[i] == pairs[begin]) ++i;
    const auto [a, b] = pairs[begin];
    const auto length = static_cast<float>(i - begin);
    const float apart = (graph.colors[a] - graph.colors[b]).squaredNorm();
    graph.borders.push_back({a, b, length, length * std::exp(-apart / (2 * kColorDeviation * kColorDeviation))});
  }
  return graph;
}

ClassValues smoothedLogits(const SuperpointGraph& graph, const ClassValues& q, float weight) {
  constexpr int kRounds = 5;
  constexpr float kMinProbability = 1e-3F;
  Eigen::ArrayXf lengths = Eigen::ArrayXf::Zero(q.rows());
  for (const auto& border : graph.borders) {
    lengths[border.a] += border.length;
    lengths[border.b] += border.length;
  }
  const ClassValues own = (q + kMinProbability).log();
  ClassValues logits = own, posterior = q, mean(q.rows(), q.cols());
  for (int round = 0; round < kRounds; ++round) {
    mean.setZero();
    for (const auto& border : graph.borders) {
      mean.row(border.a) += border.likeness * posterior.row(border.b);
      mean.row(border.b) += border.likeness * posterior.row(border.a);
    }
    mean.colwise() /= lengths.max(1.F);
    logits = own + weight * mean;
    posterior = softmaxOfRows(logits);
  }
  return logits;
}

std::vector<std::uint32_t> nearestSeen(const SuperpointGraph& graph, const std::vector<bool>& is_seen) {
  constexpr float kNormalWeight = .7F, kColorWeight = 2;
  std::vector<std::uint32_t> nearest(graph.count), seen;
  std::iota(nearest.begin(), nearest.end(), 0U);
  for (std::uint32_t s = 0; s < graph.count; ++s) {
    if (is_seen[s]) seen.push_back(s);
  }
  parallelFor(graph.count, 256, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s) {
      if (is_seen[s]) continue;
      float min_distance = std::numeric_limits<float>::infinity();
      for (const std::uint32_t other : seen) {
        const float apart = (graph.means_m[s] - graph.means_m[other]).squaredNorm() +
                            kNormalWeight * kNormalWeight * (graph.normals[s] - graph.normals[other]).squaredNorm() +
                            kColorWeight * kColorWeight * (graph.colors[s] - graph.colors[other]).squaredNorm();
        if (!(apart < min_distance)) continue;
        min_distance = apart;
        nearest[s] = other;
      }
    }
  });
  return nearest;
}

}  // namespace tagscape
