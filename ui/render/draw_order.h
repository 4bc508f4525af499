#pragma once

#include "core/scene/point_cloud.h"

#include <Eigen/Geometry>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tagscape {

/// Points that lie together, one after the other in the draw order.
struct PointBlock {
  Eigen::AlignedBox3f bounds_m;  ///< Of its finite points; empty if there are none.
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// In which order points are stored and drawn: block by block, at random within a block. The first part of a block is a
/// fair sample of it, and the first part of every block is one of the whole cloud, so that any share of the points can
/// be drawn, and what is out of sight is left out by blocks.
struct DrawOrder {
  std::vector<std::uint32_t> order;  ///< order[i] is the index in the cloud of the point that is stored as the i-th.
  std::vector<PointBlock> blocks;

  [[nodiscard]] std::size_t size() const { return order.size(); }
};

/// Blocks are cells of a grid over the bulk of the points; stray points fall into its outer cells. The same for the
/// same points on every machine. Cost: O(N), on several threads; some 30 ms for a million points. Safe from any thread.
[[nodiscard]] DrawOrder makeDrawOrder(std::span<const Eigen::Vector3f> positions_m);

/// Typical distance of a point to its nearest neighbour: the median over a few hundred points, each compared with those
/// of its own block; 0 for fewer than two points. Kept within 2 mm and 20 cm, so that it can size what is drawn.
[[nodiscard]] float spacingOf(const DrawOrder& order, std::span<const Eigen::Vector3f> positions_m);

/// What one drawing call draws: ranges of the draw order.
struct DrawRanges {
  std::vector<std::int32_t> first;
  std::vector<std::int32_t> count;
  std::size_t num_points = 0;
};

/// The blocks that may be seen: those not wholly outside one side of the view, nor outside `clip_box`.
/// @return indices of blocks.
[[nodiscard]] std::vector<std::uint32_t> blocksInView(const DrawOrder& order,
                                                      const Eigen::Matrix4f& clip_from_world,
                                                      const std::optional<Eigen::AlignedBox3f>& clip_box_m);

/// The points of these blocks from share `from` to share `to` of each (0 … 1): shares that follow one another draw
/// every point once.
[[nodiscard]] DrawRanges rangesOf(const DrawOrder& order,
                                  std::span<const std::uint32_t> blocks,
                                  double from,
                                  double to);

}  // namespace tagscape
