#include "core/geometry/segment_points.h"

#include "core/geometry/graph_segments.h"

#include <Eigen/Core>
#include <open3d/geometry/KDTreeFlann.h>
#include <open3d/geometry/KDTreeSearchParam.h>
#include <open3d/geometry/PointCloud.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr int kNormalNeighbours = 13;

/// The finite points with their normals, and where they were.
struct FinitePoints {
  open3d::geometry::PointCloud cloud;
  std::vector<std::uint32_t> rows;
};

FinitePoints finitePoints(const PointCloud& points) {
  FinitePoints finite;
  for (std::uint32_t row = 0; row < points.size(); ++row) {
    if (!points.positions_m[row].allFinite()) continue;
    finite.rows.push_back(row);
    finite.cloud.points_.push_back(points.positions_m[row].cast<double>());
  }
  return finite;
}

float colorDifference(const PointCloud& points, std::uint32_t a, std::uint32_t b) {
  if (points.colors.empty()) return 0;
  float squares = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const float difference = static_cast<float>(points.colors[a][c]) - static_cast<float>(points.colors[b][c]);
    squares += difference * difference;
  }
  return std::sqrt(squares) / 255;
}

std::vector<NeighbourEdge> edgesOf(const PointCloud& points,
                                   const FinitePoints& finite,
                                   const PointSegmentOptions& options) {
  const open3d::geometry::KDTreeFlann tree(finite.cloud);
  const auto& at = finite.cloud.points_;
  const auto& normals = finite.cloud.normals_;
  std::vector<NeighbourEdge> edges;
  edges.reserve(at.size() * options.num_neighbours);
  std::vector<int> found;
  std::vector<double> squared_m2;
  for (std::uint32_t i = 0; i < at.size(); ++i) {
    tree.SearchKNN(at[i], static_cast<int>(options.num_neighbours) + 1, found, squared_m2);
    for (std::size_t k = 0; k < found.size(); ++k) {
      const auto j = static_cast<std::uint32_t>(found[k]);
      if (j == i || squared_m2[k] > options.reach_m * options.reach_m) continue;
      const Eigen::Vector3d apart = at[j] - at[i];
      const double bend = 1 - std::abs(normals[i].dot(normals[j]));
      const double step_m = std::max(std::abs(apart.dot(normals[i])), std::abs(apart.dot(normals[j])));
      const float geometry = static_cast<float>(bend) + options.step_weight_per_m * static_cast<float>(step_m);
      const float color = options.color_weight * colorDifference(points, finite.rows[i], finite.rows[j]);
      edges.push_back({geometry + color, finite.rows[i], finite.rows[j]});
    }
  }
  return edges;
}

}  // namespace

std::vector<std::uint32_t> segmentPoints(const PointCloud& points, const PointSegmentOptions& options) {
  FinitePoints finite = finitePoints(points);
  std::vector<NeighbourEdge> edges;
  if (!finite.rows.empty()) {
    finite.cloud.EstimateNormals(open3d::geometry::KDTreeSearchParamKNN(kNormalNeighbours));
    edges = edgesOf(points, finite, options);
  }
  return segmentGraph(points.size(), std::move(edges), options.threshold, options.smallest_size);
}

}  // namespace tagscape
