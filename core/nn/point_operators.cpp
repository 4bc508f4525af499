#include "core/nn/point_operators.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr int kMaxCellsPerSide = 64;
constexpr std::size_t kQueriesPerPiece = 512;

void require(bool holds, const char* rule) {
  if (!holds) throw std::logic_error(rule);
}

}  // namespace

std::vector<std::uint32_t> farthestPoints(std::span<const Eigen::Vector3f> points,
                                          std::size_t num_samples,
                                          std::size_t first) {
  require(num_samples > 0 && num_samples <= points.size(), "farthestPoints: more samples than points, or none");
  require(first < points.size(), "farthestPoints: the first sample is no point");
  std::vector<float> distance(points.size(), std::numeric_limits<float>::max());
  std::vector<std::uint32_t> chosen(num_samples);
  std::size_t newest = first;
  // One pass over all points a sample, each far too short to be worth starting threads for.
  for (std::size_t sample = 0; sample < num_samples; ++sample) {
    chosen[sample] = static_cast<std::uint32_t>(newest);
    const Eigen::Vector3f& reference = points[newest];
    float farthest = -1;
    for (std::size_t i = 0; i < points.size(); ++i) {
      distance[i] = std::min(distance[i], (points[i] - reference).squaredNorm());
      if (distance[i] > farthest) {
        farthest = distance[i];
        newest = i;
      }
    }
  }
  return chosen;
}

PointGrid::PointGrid(std::span<const Eigen::Vector3f> points, float cell_m) : points_(points), cell_m_(cell_m) {
  require(!points.empty(), "PointGrid: no points");
  require(cell_m > 0, "PointGrid: the edge of a cell must be positive");
  Eigen::Vector3f highest = points[0];
  origin_ = points[0];
  for (const auto& point : points) {
    origin_ = origin_.cwiseMin(point);
    highest = highest.cwiseMax(point);
  }
  const Eigen::Vector3f extent = highest - origin_;
  cell_m_ = std::max(cell_m_, extent.maxCoeff() / kMaxCellsPerSide);
  num_cells_ = (extent.array() / cell_m_).floor().cast<int>() + 1;

  const auto num_cells = static_cast<std::size_t>(num_cells_.prod());
  begins_.assign(num_cells + 1, 0);
  for (const auto& point : points) ++begins_[flat(cellOf(point)) + 1];
  for (std::size_t cell = 0; cell < num_cells; ++cell) begins_[cell + 1] += begins_[cell];
  std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
  order_.resize(points.size());
  for (std::size_t i = 0; i < points.size(); ++i)
    order_[next[flat(cellOf(points[i]))]++] = static_cast<std::uint32_t>(i);
}

Eigen::Array3i PointGrid::cellOf(const Eigen::Vector3f& point) const {
  // Clamped before the conversion: a query far away must not overflow an int.
  const Eigen::Array3f cell = ((point - origin_).array() / cell_m_).floor();
  return cell.max(0.F).min((num_cells_ - 1).cast<float>()).cast<int>();
}

std::size_t PointGrid::flat(const Eigen::Array3i& cell) const {
  const Eigen::Array3<std::size_t> at = cell.cast<std::size_t>();
  const Eigen::Array3<std::size_t> count = num_cells_.cast<std::size_t>();
  return (at.z() * count.y() + at.y()) * count.x() + at.x();
}

std::span<const std::uint32_t> PointGrid::pointsIn(const Eigen::Array3i& cell) const {
  const std::size_t at = flat(cell);
  return std::span(order_).subspan(begins_[at], begins_[at + 1] - begins_[at]);
}

std::vector<std::uint32_t> PointGrid::ballQuery(std::span<const Eigen::Vector3f> centres,
                                                float radius_m,
                                                std::size_t num_neighbours) const {
  require(num_neighbours > 0 && radius_m > 0, "ballQuery: the radius and the number of neighbours must be positive");
  std::vector<std::uint32_t> result(centres.size() * num_neighbours);
  parallelFor(centres.size(), kQueriesPerPiece, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> inside;
    for (std::size_t i = begin; i < end; ++i) {
      inside.clear();
      const Eigen::Array3i low = cellOf(centres[i].array() - radius_m);
      const Eigen::Array3i high = cellOf(centres[i].array() + radius_m);
      for (int z = low.z(); z <= high.z(); ++z) {
        for (int y = low.y(); y <= high.y(); ++y) {
          for (int x = low.x(); x <= high.x(); ++x) {
            for (const std::uint32_t candidate : pointsIn({x, y, z})) {
              if ((points_[candidate] - centres[i]).squaredNorm() < radius_m * radius_m) inside.push_back(candidate);
            }
          }
        }
      }
      if (inside.empty()) {
        float ignored = 0;
        nearestOf(centres[i], 1, &inside.emplace_back(), &ignored);
      }
      const std::size_t num_kept = std::min(num_neighbours, inside.size());
      std::partial_sort(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(num_kept), inside.end());
      for (std::size_t n = 0; n < num_neighbours; ++n) result[i * num_neighbours + n] = inside[n % num_kept];
    }
  });
  return result;
}

void PointGrid::nearestOf(const Eigen::Vector3f& query,
                          std::size_t k,
                          std::uint32_t* index,
                          float* squared_distance) const {
  const Eigen::Array3i home = cellOf(query);
  std::size_t num_found = 0;
  const auto consider = [&](std::uint32_t candidate) {
    const float distance = (points_[candidate] - query).squaredNorm();
    const auto before = [&](std::size_t at) {
      return distance < squared_distance[at] || (distance == squared_distance[at] && candidate < index[at]);
    };
    if (num_found == k && !before(k - 1)) return;
    std::size_t at = num_found < k ? num_found++ : k - 1;
    for (; at > 0 && before(at - 1); --at) {
      index[at] = index[at - 1];
      squared_distance[at] = squared_distance[at - 1];
    }
    index[at] = candidate;
    squared_distance[at] = distance;
  };
  for (int ring = 0;; ++ring) {
    const Eigen::Array3i low = (home - ring).max(0);
    const Eigen::Array3i high = (home + ring).min(num_cells_ - 1);
    for (int z = low.z(); z <= high.z(); ++z) {
      for (int y = low.y(); y <= high.y(); ++y) {
        // Inside the ring's shell only its two ends along x are new.
        const bool on_shell = std::abs(z - home.z()) == ring || std::abs(y - home.y()) == ring;
        const int step = on_shell || ring == 0 ? 1 : 2 * ring;
        for (int x = on_shell ? low.x() : home.x() - ring; x <= high.x(); x += step) {
          if (x < 0) continue;
          for (const std::uint32_t candidate : pointsIn({x, y, z})) consider(candidate);
        }
      }
    }
    // Whatever was not looked at lies beyond one of the faces that are not yet the grid's own.
    float unseen = std::numeric_limits<float>::infinity();
    for (int axis = 0; axis < 3; ++axis) {
      const float low_face = origin_[axis] + static_cast<float>(low[axis]) * cell_m_;
      const float high_face = origin_[axis] + static_cast<float>(high[axis] + 1) * cell_m_;
      if (low[axis] > 0) unseen = std::min(unseen, query[axis] - low_face);
      if (high[axis] < num_cells_[axis] - 1) unseen = std::min(unseen, high_face - query[axis]);
    }
    // Rounding may put a point of a face's own coordinate on either side of it.
    unseen -= 1e-4F * cell_m_;
    if (num_found == k && unseen > 0 && squared_distance[k - 1] <= unseen * unseen) break;
    if (unseen == std::numeric_limits<float>::infinity()) break;
  }
  for (std::size_t at = num_found; at < k; ++at) {
    index[at] = index[num_found - 1];
    squared_distance[at] = squared_distance[num_found - 1];
  }
}

PointGrid::Neighbours PointGrid::nearest(std::span<const Eigen::Vector3f> queries, std::size_t k) const {
  require(k > 0, "PointGrid::nearest: k must be positive");
  Neighbours result{std::vector<std::uint32_t>(queries.size() * k), std::vector<float>(queries.size() * k)};
  parallelFor(queries.size(), kQueriesPerPiece, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      nearestOf(queries[i], k, &result.index[i * k], &result.squared_distance_m2[i * k]);
    }
  });
  return result;
}

}  // namespace tagscape
