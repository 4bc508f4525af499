#pragma once

#include "core/scene/point_cloud.h"

#include <Eigen/Geometry>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tagscape {

/// A spatial cell of points, contiguous in the draw order.
struct PointBlock {
  Eigen::AlignedBox3f bounds_m;  ///< Of its finite points; empty if there are none.
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// The order in which points are stored and drawn: block by block, at random within a block. The first fraction of a
/// block is a random sample of it, and that of all blocks a sample of the whole cloud, so that any fraction of the
/// points can be drawn, and blocks out of view can be culled.
struct DrawOrder {
  std::vector<std::uint32_t> order;  ///< order[i] is the index in the cloud of the i-th stored point.
  std::vector<PointBlock> blocks;

  [[nodiscard]] std::size_t size() const { return order.size(); }
};

/// Blocks are cells of a grid over the bulk of the points; outliers belong to its border cells. Deterministic on every
/// machine. Cost: O(N) on several threads, about 30 ms for a million points. Thread-safe.
[[nodiscard]] DrawOrder makeDrawOrder(std::span<const Eigen::Vector3f> positions_m);

/// The typical distance to the nearest neighbour, m: the median over a few hundred points, each within its block,
/// clamped to 2 mm … 20 cm to serve as a drawing size; 0 for fewer than two points.
[[nodiscard]] float spacingOf(const DrawOrder& order, std::span<const Eigen::Vector3f> positions_m);

/// Ranges of the draw order for one draw call.
struct DrawRanges {
  std::vector<std::int32_t> first;
  std::vector<std::int32_t> count;
  std::size_t num_points = 0;
};

/// The possibly visible blocks: those not entirely outside a plane of the view frustum or outside `clip_box`.
/// @return indices of blocks.
[[nodiscard]] std::vector<std::uint32_t> blocksInView(const DrawOrder& order,
                                                      const Eigen::Matrix4f& clip_from_world,
                                                      const std::optional<Eigen::AlignedBox3f>& clip_box_m);

/// The points of these blocks between the fractions `from` and `to` of each (0 … 1); consecutive ranges draw every
/// point once.
[[nodiscard]] DrawRanges rangesOf(const DrawOrder& order,
                                  std::span<const std::uint32_t> blocks,
                                  double from,
                                  double to);

}  // namespace tagscape
