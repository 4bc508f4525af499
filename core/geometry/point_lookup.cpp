#include "core/geometry/point_lookup.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr float kFarthestCell = 1 << 20;  // 21 bits an axis; what lies farther shares the outermost cells

std::uint64_t keyOf(const Eigen::Array3i& cell) {
  constexpr std::uint64_t kMask = (1U << 21) - 1;
  return (static_cast<std::uint64_t>(cell.x()) & kMask) << 42 | (static_cast<std::uint64_t>(cell.y()) & kMask) << 21 |
         (static_cast<std::uint64_t>(cell.z()) & kMask);
}

}  // namespace

PointLookup::PointLookup(std::span<const Eigen::Vector3f> points, float cell_m) : points_(points), cell_m_(cell_m) {
  if (!(cell_m > 0)) throw std::logic_error("PointLookup: a cell needs a size");
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  order.reserve(points.size());
  for (std::uint32_t row = 0; row < points.size(); ++row) {
    if (points[row].allFinite()) order.emplace_back(keyOf(cellOf(points[row])), row);
  }
  std::sort(order.begin(), order.end());
  rows_.reserve(order.size());
  for (const auto& [key, row] : order) {
    auto& range = cells_.try_emplace(key, Range{static_cast<std::uint32_t>(rows_.size()), 0}).first->second;
    rows_.push_back(row);
    range.end = static_cast<std::uint32_t>(rows_.size());
  }
}

Eigen::Array3i PointLookup::cellOf(const Eigen::Vector3f& place) const {
  return (place.array() / cell_m_).floor().max(-kFarthestCell).min(kFarthestCell - 1).cast<int>();
}

std::optional<std::uint32_t> PointLookup::nearest(const Eigen::Vector3f& place) const {
  if (!place.allFinite()) return std::nullopt;
  std::optional<std::uint32_t> best;
  float best_squared = cell_m_ * cell_m_;
  const Eigen::Array3i centre = cellOf(place);
  for (int i = 0; i < 27; ++i) {
    const auto found = cells_.find(keyOf(centre + Eigen::Array3i(i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1)));
    if (found == cells_.end()) continue;
    for (std::uint32_t at = found->second.begin; at < found->second.end; ++at) {
      const float squared = (points_[rows_[at]] - place).squaredNorm();
      if (squared > best_squared) continue;
      best_squared = squared;
      best = rows_[at];
    }
  }
  return best;
}

}  // namespace tagscape
