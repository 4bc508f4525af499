#include "core/geometry/point_superpoints.h"

#include "core/base/parallel.h"
#include "core/geometry/graph_superpoints.h"
#include "core/geometry/open3d_messages.h"

#include <Eigen/Core>
#include <open3d/geometry/KDTreeFlann.h>
#include <open3d/geometry/PointCloud.h>
#include <open3d/utility/Eigen.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <utility>

namespace tagscape {
namespace {

constexpr int kNormalNeighbours = 13;
constexpr std::size_t kGrain = 2048;

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

/// Goes through all rows by blocks, each on several threads, and reports progress to `job` between them.
/// @param before  rows that were done by an earlier pass, of `total` in all.
Status byBlocks(std::size_t count,
                std::size_t before,
                std::size_t total,
                const Job& job,
                const std::function<void(std::size_t begin, std::size_t end)>& work) {
  constexpr std::size_t kBlock = 65'536;
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    TAGSCAPE_TRY(job.checkStop("Dividing the cloud"));
    job.report("dividing the cloud", static_cast<std::int64_t>(before + begin), static_cast<std::int64_t>(total));
    work(begin, std::min(count, begin + kBlock));
  }
  return {};
}

/// Open3D's normals, which it would estimate without a chance to stop: it gets the covariances of a block at a time,
/// found as it finds them.
Status estimateNormals(const open3d::geometry::KDTreeFlann& tree, FinitePoints& finite, const Job& job) {
  const auto& at = finite.cloud.points_;
  std::vector<Eigen::Vector3d> normals(at.size());
  const auto estimate = [&](std::size_t begin, std::size_t end) {
    open3d::geometry::PointCloud block;
    block.points_.assign(at.begin() + static_cast<std::ptrdiff_t>(begin),
                         at.begin() + static_cast<std::ptrdiff_t>(end));
    block.covariances_.assign(end - begin, Eigen::Matrix3d::Identity());
    parallelFor(end - begin, kGrain, [&](std::size_t first, std::size_t last) {
      std::vector<int> found;
      std::vector<double> squared_m2;
      for (std::size_t i = first; i < last; ++i) {
        if (tree.SearchKNN(at[begin + i], kNormalNeighbours, found, squared_m2) >= 3)
          block.covariances_[i] = open3d::utility::ComputeCovariance(at, found);
      }
    });
    block.EstimateNormals();
    std::copy(block.normals_.begin(), block.normals_.end(), normals.begin() + static_cast<std::ptrdiff_t>(begin));
  };
  TAGSCAPE_TRY(byBlocks(at.size(), 0, 2 * at.size(), job, estimate));
  finite.cloud.normals_ = std::move(normals);
  return {};
}

void addEdges(const PointCloud& points,
              const FinitePoints& finite,
              const open3d::geometry::KDTreeFlann& tree,
              const PointSuperpointOptions& options,
              std::size_t begin,
              std::size_t end,
              std::vector<NeighbourEdge>& edges) {
  const auto& at = finite.cloud.points_;
  const auto& normals = finite.cloud.normals_;
  std::vector<int> found;
  std::vector<double> squared_m2;
  for (std::size_t i = begin; i < end; ++i) {
    tree.SearchKNN(at[i], static_cast<int>(options.num_neighbours) + 1, found, squared_m2);
    for (std::size_t k = 0; k < found.size(); ++k) {
      const auto j = static_cast<std::size_t>(found[k]);
      if (j == i || squared_m2[k] > options.reach_m * options.reach_m) continue;
      const Eigen::Vector3d apart = at[j] - at[i];
      const double bend = 1 - std::abs(normals[i].dot(normals[j]));
      const double step_m = std::max(std::abs(apart.dot(normals[i])), std::abs(apart.dot(normals[j])));
      const float geometry = static_cast<float>(bend) + options.step_weight_per_m * static_cast<float>(step_m);
      const float color = options.color_weight * colorDifference(points, finite.rows[i], finite.rows[j]);
      edges.push_back({geometry + color, finite.rows[i], finite.rows[j]});
    }
  }
}

Result<std::vector<NeighbourEdge>> edgesOf(const PointCloud& points,
                                           FinitePoints& finite,
                                           const PointSuperpointOptions& options,
                                           const Job& job) {
  std::vector<NeighbourEdge> edges;
  const std::size_t count = finite.rows.size();
  if (count == 0) return edges;
  const open3d::geometry::KDTreeFlann tree(finite.cloud);
  TAGSCAPE_TRY(estimateNormals(tree, finite, job));
  edges.reserve(count * options.num_neighbours);
  const auto add = [&](std::size_t begin, std::size_t end) {
    // Each piece on its own; in which order they follow does not matter, as edges are sorted.
    std::vector<std::vector<NeighbourEdge>> pieces((end - begin + kGrain - 1) / kGrain);
    parallelFor(end - begin, kGrain, [&](std::size_t first, std::size_t last) {
      addEdges(points, finite, tree, options, begin + first, begin + last, pieces[first / kGrain]);
    });
    for (const auto& piece : pieces) edges.insert(edges.end(), piece.begin(), piece.end());
  };
  TAGSCAPE_TRY(byBlocks(count, count, 2 * count, job, add));
  return edges;
}

}  // namespace

Result<std::vector<std::uint32_t>> pointSuperpoints(const PointCloud& points,
                                                    const PointSuperpointOptions& options,
                                                    const Job& job) {
  logOpen3dMessages();
  FinitePoints finite = finitePoints(points);
  TAGSCAPE_ASSIGN(std::vector<NeighbourEdge> edges, edgesOf(points, finite, options, job));
  finite = {};
  TAGSCAPE_TRY(job.checkStop("Dividing the cloud"));
  const SuperpointOptions scale{options.threshold, options.min_size};
  return std::move(graphSuperpoints(points.size(), std::move(edges), std::span(&scale, 1)).front());
}

std::vector<std::uint32_t> pointSuperpoints(const PointCloud& points, const PointSuperpointOptions& options) {
  return pointSuperpoints(points, options, {}).value();  // A job that cannot be stopped does not fail.
}

}  // namespace tagscape
