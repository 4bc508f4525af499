#include "core/geometry/point_operators.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr int kMaxCellsPerSide = 64;
constexpr std::size_t kQueriesPerPiece = 512;
constexpr float kWidest_m = 1e18F;  // the square of a distance is still finite

void require(bool holds, const char* rule) {
  if (!holds) throw std::logic_error(rule);
}

float squaredDistance(const Eigen::Vector3f& a, const Eigen::Vector3f& b) {
  const float dx = a.x() - b.x();
  const float dy = a.y() - b.y();
  const float dz = a.z() - b.z();
  return dx * dx + dy * dy + dz * dz;
}

/// The k nearest so far, nearest first; of equals the lowest index.
struct Nearest {
  std::size_t k;
  std::uint32_t* index;
  float* squared_distance;
  std::size_t count = 0;
  float worst = std::numeric_limits<float>::infinity();  ///< Of k; nothing beyond it can enter.

  bool isBefore(float distance, std::uint32_t candidate, std::size_t at) const {
    return distance < squared_distance[at] || (distance == squared_distance[at] && candidate < index[at]);
  }
  void consider(float distance, std::uint32_t candidate) {
    if (distance > worst || (count == k && !isBefore(distance, candidate, k - 1))) return;
    std::size_t at = count < k ? count++ : k - 1;
    for (; at > 0 && isBefore(distance, candidate, at - 1); --at) {
      index[at] = index[at - 1];
      squared_distance[at] = squared_distance[at - 1];
    }
    index[at] = candidate;
    squared_distance[at] = distance;
    if (count == k) worst = squared_distance[k - 1];
  }
};

}  // namespace

PointGrid::PointGrid(std::span<const Eigen::Vector3f> points, float cell_m) : cell_m_(cell_m) {
  require(!points.empty(), "PointGrid: no points");
  require(cell_m > 0, "PointGrid: the edge of a cell must be positive");
  Eigen::Vector3f highest = points[0];
  origin_ = points[0];
  bool finite = true;
  for (const auto& point : points) {
    finite = finite && point.allFinite();
    origin_ = origin_.cwiseMin(point);
    highest = highest.cwiseMax(point);
  }
  const Eigen::Vector3f extent = highest - origin_;
  // The cells of other clouds would lie anywhere.
  require(finite && extent.maxCoeff() <= kWidest_m, "PointGrid: coordinates must be finite and less than 1e18 m apart");
  cell_m_ = std::max(cell_m_, extent.maxCoeff() / kMaxCellsPerSide);
  num_cells_ = (extent.array() / cell_m_).floor().cast<int>() + 1;

  std::vector<std::uint32_t> cell_of(points.size());
  begins_.assign(static_cast<std::size_t>(num_cells_.prod()) + 1, 0);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Cell cell = cellOf(points[i]);
    cell_of[i] = static_cast<std::uint32_t>(flat(cell.x(), cell.y(), cell.z()));
    ++begins_[cell_of[i] + 1];
  }
  for (std::size_t cell = 1; cell < begins_.size(); ++cell) begins_[cell] += begins_[cell - 1];
  std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
  order_.resize(points.size());
  sorted_.resize(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::uint32_t at = next[cell_of[i]]++;
    order_[at] = static_cast<std::uint32_t>(i);
    sorted_[at] = points[i];
  }
}

PointGrid::Cell PointGrid::cellOf(const Eigen::Vector3f& point) const {
  // Clamped before the conversion: a query far away must not overflow an int.
  const Eigen::Array3f cell = ((point - origin_).array() / cell_m_).floor();
  return cell.max(0.F).min((num_cells_ - 1).cast<float>()).cast<int>();
}

std::size_t PointGrid::flat(int x, int y, int z) const {
  const auto row = static_cast<std::size_t>(z) * static_cast<std::size_t>(num_cells_.y()) + static_cast<std::size_t>(y);
  return row * static_cast<std::size_t>(num_cells_.x()) + static_cast<std::size_t>(x);
}

/// Calls visit(squared distance, point) for the points of cells [x_low, x_high] of a row.
template <class Visit>
void PointGrid::visitRow(int x_low, int x_high, int y, int z, const Eigen::Vector3f& from, Visit&& visit) const {
  const std::size_t end = begins_[flat(x_high, y, z) + 1];
  for (std::size_t at = begins_[flat(x_low, y, z)]; at < end; ++at)
    visit(squaredDistance(sorted_[at], from), order_[at]);
}

void PointGrid::inBall(const Eigen::Vector3f& centre, float radius_m, std::vector<std::uint32_t>& inside) const {
  const float radius_m2 = radius_m * radius_m;
  const Cell low = cellOf(centre.array() - radius_m);
  const Cell high = cellOf(centre.array() + radius_m);
  std::size_t count = 0;
  for (int z = low.z(); z <= high.z(); ++z) {
    for (int y = low.y(); y <= high.y(); ++y) {
      const std::size_t num_candidates = begins_[flat(high.x(), y, z) + 1] - begins_[flat(low.x(), y, z)];
      if (inside.size() < count + num_candidates) inside.resize(2 * (count + num_candidates));
      // Written without asking: about half of the candidates are inside, which no processor can guess.
      visitRow(low.x(), high.x(), y, z, centre, [&](float distance, std::uint32_t candidate) {
        inside[count] = candidate;
        count += distance < radius_m2 ? 1 : 0;
      });
    }
  }
  inside.resize(count);
}

std::vector<std::uint32_t> PointGrid::ballQuery(std::span<const Eigen::Vector3f> centres,
                                                float radius_m,
                                                std::size_t num_neighbours,
                                                BallPadding padding) const {
  require(num_neighbours > 0 && radius_m > 0, "ballQuery: the radius and the number of neighbours must be positive");
  std::vector<std::uint32_t> result(centres.size() * num_neighbours);
  parallelFor(centres.size(), kQueriesPerPiece, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> inside;
    for (std::size_t i = begin; i < end; ++i) {
      inBall(centres[i], radius_m, inside);
      if (inside.empty()) {
        float ignored = 0;
        std::uint32_t& only = inside.emplace_back(0);
        if (padding == BallPadding::Cycle) nearestOf(centres[i], 1, &only, &ignored);
      }
      const std::size_t kept = std::min(num_neighbours, inside.size());
      const auto last = inside.begin() + static_cast<std::ptrdiff_t>(kept);
      if (kept < inside.size()) std::nth_element(inside.begin(), last, inside.end());
      std::sort(inside.begin(), last);
      std::uint32_t* const row = &result[i * num_neighbours];
      std::copy(inside.begin(), last, row);
      for (std::size_t n = kept; n < num_neighbours; ++n)
        row[n] = padding == BallPadding::Cycle ? inside[n % kept] : row[0];
    }
  });
  return result;
}

/// The cells whose largest offset from `home` is `ring`, within [low, high].
template <class Visit>
void PointGrid::visitShell(
    const Cell& home, int ring, const Cell& low, const Cell& high, const Eigen::Vector3f& from, Visit&& visit) const {
  for (int z = low.z(); z <= high.z(); ++z) {
    for (int y = low.y(); y <= high.y(); ++y) {
      if (std::abs(z - home.z()) == ring || std::abs(y - home.y()) == ring) {
        visitRow(low.x(), high.x(), y, z, from, visit);
        continue;
      }
      // Inside the shell only its two ends along x are new.
      if (home.x() - ring >= 0) visitRow(home.x() - ring, home.x() - ring, y, z, from, visit);
      if (home.x() + ring < num_cells_.x()) visitRow(home.x() + ring, home.x() + ring, y, z, from, visit);
    }
  }
}

/// Whatever lies outside of the cells [low, high] is at least this far from the query; negative if nothing is sure.
float PointGrid::distanceToUnseen(const Eigen::Vector3f& query, const Cell& low, const Cell& high) const {
  float unseen = std::numeric_limits<float>::infinity();
  for (int axis = 0; axis < 3; ++axis) {
    // From the origin, as cellOf() does: far from 0 a face itself could not be told exactly.
    const float at = query[axis] - origin_[axis];
    const float low_face = static_cast<float>(low[axis]) * cell_m_;
    const float high_face = static_cast<float>(high[axis] + 1) * cell_m_;
    if (low[axis] > 0) unseen = std::min(unseen, at - low_face);
    if (high[axis] < num_cells_[axis] - 1) unseen = std::min(unseen, high_face - at);
  }
  // Rounding may put a point of a face's own coordinate on either side of it.
  return unseen - 1e-4F * cell_m_;
}

void PointGrid::nearestOf(const Eigen::Vector3f& query,
                          std::size_t k,
                          std::uint32_t* index,
                          float* squared_distance) const {
  const Cell home = cellOf(query);
  Nearest nearest{k, index, squared_distance};
  const auto consider = [&](float distance, std::uint32_t candidate) { nearest.consider(distance, candidate); };
  for (int ring = 1;; ++ring) {
    const Cell low = (home - ring).max(0);
    const Cell high = (home + ring).min(num_cells_ - 1);
    // The cell itself and its neighbours at once: one alone is hardly ever enough.
    if (ring == 1) {
      for (int z = low.z(); z <= high.z(); ++z) {
        for (int y = low.y(); y <= high.y(); ++y) visitRow(low.x(), high.x(), y, z, query, consider);
      }
    } else {
      visitShell(home, ring, low, high, query, consider);
    }
    const float unseen = distanceToUnseen(query, low, high);
    if (unseen == std::numeric_limits<float>::infinity()) break;
    if (nearest.count == k && unseen > 0 && nearest.worst <= unseen * unseen) break;
  }
  for (std::size_t at = nearest.count; at < k; ++at) {
    index[at] = index[nearest.count - 1];
    squared_distance[at] = squared_distance[nearest.count - 1];
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
