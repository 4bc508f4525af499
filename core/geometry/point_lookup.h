#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace tagscape {

/// Finds the point of a cloud nearest to a position, among those within one cell of it, for picking on a surface.
/// Safe to query from several threads at once.
class PointLookup {
 public:
  /// @param points  must outlive this; not-finite ones are never found.
  /// @param cell_m  edge of a cell, positive; how far a found point may be. Cost: O(N), about 8 bytes a point.
  PointLookup(std::span<const Eigen::Vector3f> points, float cell_m);

  /// The row of the nearest point within `cell_m`; nothing if there is none. Cost: the points of 27 cells.
  [[nodiscard]] std::optional<std::uint32_t> nearest(const Eigen::Vector3f& place) const;

 private:
  struct Range {
    std::uint32_t begin = 0, end = 0;  ///< In rows_.
  };
  [[nodiscard]] Eigen::Array3i cellOf(const Eigen::Vector3f& place) const;

  std::span<const Eigen::Vector3f> points_;
  float cell_m_;
  std::vector<std::uint32_t> rows_;  ///< Cell by cell.
  std::unordered_map<std::uint64_t, Range> cells_;
};

}  // namespace tagscape
