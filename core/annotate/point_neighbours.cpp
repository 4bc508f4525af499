#include "core/annotate/point_neighbours.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tagscape {
namespace {

constexpr float kFarthestCell = 1 << 20;  // 21 bits an axis; what lies farther shares the outermost cells

std::uint64_t keyOf(const Eigen::Array3i& cell) {
  const auto part = [](int value) { return static_cast<std::uint64_t>(std::int64_t{value} + (1 << 20)); };
  return part(cell.z()) << 42U | part(cell.y()) << 21U | part(cell.x());
}

}  // namespace

PointNeighbours::PointNeighbours(std::span<const Eigen::Vector3f> positions_m, float reach_m)
    : positions_m_(positions_m), reach_m_(reach_m) {
  if (!(reach_m > 0)) throw std::logic_error("PointNeighbours: a reach is needed");
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  order.reserve(positions_m.size());
  for (std::uint32_t row = 0; row < positions_m.size(); ++row) {
    if (positions_m[row].allFinite()) order.emplace_back(keyOf(cellOf(positions_m[row])), row);
  }
  std::sort(order.begin(), order.end());
  rows_.reserve(order.size());
  for (const auto& [key, row] : order) {
    if (cells_.empty() || cells_.back() != key) {
      cells_.push_back(key);
      begin_.push_back(static_cast<std::uint32_t>(rows_.size()));
    }
    rows_.push_back(row);
  }
  begin_.push_back(static_cast<std::uint32_t>(rows_.size()));
}

Eigen::Array3i PointNeighbours::cellOf(const Eigen::Vector3f& place_m) const {
  return (place_m.array() / reach_m_).floor().max(-kFarthestCell).min(kFarthestCell - 1).cast<int>();
}

std::vector<std::uint32_t> PointNeighbours::within(const Eigen::Vector3f& place_m, float radius_m) const {
  std::vector<std::uint32_t> found;
  within(place_m, radius_m, found);
  return found;
}

void PointNeighbours::within(const Eigen::Vector3f& place_m, float radius_m, std::vector<std::uint32_t>& found) const {
  found.clear();
  if (!place_m.allFinite() || !(radius_m > 0)) return;
  const Eigen::Array3i low = cellOf(place_m - Eigen::Vector3f::Constant(radius_m));
  const Eigen::Array3i high = cellOf(place_m + Eigen::Vector3f::Constant(radius_m));
  // Cells of a row along x lie one after the other.
  for (int z = low.z(); z <= high.z(); ++z) {
    for (int y = low.y(); y <= high.y(); ++y) {
      auto cell = std::lower_bound(cells_.begin(), cells_.end(), keyOf({low.x(), y, z}));
      for (const std::uint64_t last = keyOf({high.x(), y, z}); cell != cells_.end() && *cell <= last; ++cell) {
        const auto at = static_cast<std::size_t>(cell - cells_.begin());
        for (std::uint32_t i = begin_[at]; i < begin_[at + 1]; ++i) {
          if ((positions_m_[rows_[i]] - place_m).squaredNorm() <= radius_m * radius_m) found.push_back(rows_[i]);
        }
      }
    }
  }
}

}  // namespace tagscape
