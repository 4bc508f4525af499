#pragma once

#include "core/annotate/point_neighbours.h"
#include "core/base/job.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tagscape {

/// The superpoints of a scene at one size, with the points of each at hand.
class SuperpointLevel {
 public:
  SuperpointLevel() = default;
  /// @param of_point  [N] superpoint of every point, numbered from 0.
  explicit SuperpointLevel(std::vector<std::uint32_t> of_point);

  [[nodiscard]] std::size_t size() const { return begin_.empty() ? 0 : begin_.size() - 1; }
  [[nodiscard]] std::uint32_t of(std::size_t point) const { return of_point_[point]; }
  /// Rows of the points of a superpoint, ascending. Cost: O(1).
  [[nodiscard]] std::span<const std::uint32_t> points(std::uint32_t superpoint) const {
    return std::span(points_).subspan(begin_[superpoint], begin_[superpoint + 1] - begin_[superpoint]);
  }

 private:
  std::vector<std::uint32_t> of_point_, begin_, points_;
};

/// What tools need to know of the points of a scene, made once on a worker. Immutable.
struct LabelGeometry {
  SharedScene scene;
  std::unique_ptr<const PointNeighbours> neighbours;
  std::vector<SuperpointLevel> levels;  ///< From small superpoints to large ones.
};

/// Errors: Cancelled. Cost: about 1.5 s for a mesh of 500,000 points, 4 s for such a cloud without triangles.
[[nodiscard]] Result<std::shared_ptr<const LabelGeometry>> makeLabelGeometry(const SharedScene& scene, const Job& job);

}  // namespace tagscape
