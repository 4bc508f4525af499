#include "ui/render/draw_order.h"

#include "core/base/parallel.h"
#include "core/base/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

constexpr std::size_t kPointsPerBlock = 16'384;
constexpr std::size_t kMaxCells = 8192;
constexpr std::size_t kGrain = 65'536;
constexpr float kUnbounded = std::numeric_limits<float>::max();

struct Grid {
  Eigen::Vector3f low = Eigen::Vector3f::Zero();
  Eigen::Vector3f cells_per_m = Eigen::Vector3f::Zero();
  Eigen::Array3i size = Eigen::Array3i::Ones();

  [[nodiscard]] std::size_t numCells() const { return static_cast<std::size_t>(size.prod()); }
  [[nodiscard]] std::uint32_t cellOf(const Eigen::Vector3f& point) const {
    std::array<int, 3> cell{};
    for (int axis = 0; axis < 3; ++axis) {
      const float place = (point[axis] - low[axis]) * cells_per_m[axis];
      // Points that are not finite go to the first cell, since comparisons with NaN are false.
      cell[static_cast<std::size_t>(axis)] = place > 0 ? static_cast<int>(std::min(place, size[axis] - 1.F)) : 0;
    }
    return static_cast<std::uint32_t>((cell[2] * size[1] + cell[1]) * size[0] + cell[0]);
  }
};

/// From the 1st to the 99th percentile of a sample along each axis, in cells of about kPointsPerBlock points if they
/// lie on surfaces.
Grid makeGrid(std::span<const Eigen::Vector3f> points) {
  Grid grid;
  constexpr std::size_t kSample = 20'000;
  const std::size_t stride = std::max<std::size_t>(1, points.size() / kSample);
  Eigen::Vector3f extent = Eigen::Vector3f::Zero();
  std::vector<float> values;
  for (int axis = 0; axis < 3; ++axis) {
    values.clear();
    for (std::size_t i = 0; i < points.size(); i += stride) {
      if (std::isfinite(points[i][axis])) values.push_back(points[i][axis]);
    }
    if (values.empty()) return grid;
    std::sort(values.begin(), values.end());
    grid.low[axis] = values[values.size() / 100];
    extent[axis] = values[values.size() - 1 - values.size() / 100] - grid.low[axis];
  }
  const double wanted = static_cast<double>(points.size()) / static_cast<double>(kPointsPerBlock);
  const float largest = extent.maxCoeff();
  if (wanted <= 1 || !(largest > 0)) return grid;
  // On a surface the number of occupied cells grows with the square of the cells along an edge.
  const auto along = static_cast<float>(std::min(std::sqrt(wanted), std::cbrt(static_cast<double>(kMaxCells))));
  for (int axis = 0; axis < 3; ++axis) {
    grid.size[axis] = std::max(1, static_cast<int>(std::ceil(along * extent[axis] / largest)));
    grid.cells_per_m[axis] = extent[axis] > 0 ? static_cast<float>(grid.size[axis]) / extent[axis] : 0.F;
  }
  return grid;
}

void finishBlock(std::span<const Eigen::Vector3f> points, std::vector<std::uint32_t>& order, PointBlock& block) {
  Random random(block.first + 1);
  std::uint32_t* members = order.data() + block.first;
  for (std::uint32_t i = block.count; i > 1; --i) std::swap(members[i - 1], members[random.below(i)]);
  for (std::uint32_t i = 0; i < block.count; ++i) {
    const Eigen::Vector3f& point = points[members[i]];
    if (point.allFinite()) block.bounds_m.extend(point);
  }
}

bool isOutside(const Eigen::AlignedBox3f& bounds, const Eigen::Matrix4f& clip_from_world) {
  // Gribb & Hartmann: frustum planes are sums or differences of matrix rows; the box is outside if all corners are.
  for (int axis = 0; axis < 3; ++axis) {
    for (const float sign : {1.F, -1.F}) {
      const Eigen::Vector4f side = (clip_from_world.row(3) + sign * clip_from_world.row(axis)).transpose();
      Eigen::Vector3f farthest;
      for (int i = 0; i < 3; ++i) farthest[i] = side[i] > 0 ? bounds.max()[i] : bounds.min()[i];
      if (side.head<3>().dot(farthest) + side[3] < 0) return true;
    }
  }
  return false;
}

}  // namespace

DrawOrder makeDrawOrder(std::span<const Eigen::Vector3f> positions_m) {
  const Grid grid = makeGrid(positions_m);
  std::vector<std::uint32_t> cells(positions_m.size());
  parallelFor(cells.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) cells[i] = grid.cellOf(positions_m[i]);
  });
  std::vector<std::uint32_t> next(grid.numCells() + 1, 0);
  for (const std::uint32_t cell : cells) ++next[cell + 1];
  DrawOrder result;
  for (std::size_t cell = 0; cell + 1 < next.size(); ++cell) {
    if (next[cell + 1] > 0) result.blocks.push_back({{}, next[cell], next[cell + 1]});
    next[cell + 1] += next[cell];  // Now the start of the next cell.
  }
  result.order.resize(cells.size());
  for (std::uint32_t i = 0; i < cells.size(); ++i) result.order[next[cells[i]]++] = i;
  parallelFor(result.blocks.size(), 4, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) finishBlock(positions_m, result.order, result.blocks[i]);
  });
  return result;
}

float spacingOf(const DrawOrder& order, std::span<const Eigen::Vector3f> positions_m) {
  constexpr std::size_t kNumSamples = 384;
  std::vector<float> nearest_m;
  const std::size_t stride = std::max<std::size_t>(1, order.size() / kNumSamples);
  std::size_t block = 0;
  for (std::size_t i = 0; i < order.size(); i += stride) {
    while (i >= order.blocks[block].first + order.blocks[block].count) ++block;
    const Eigen::Vector3f& point = positions_m[order.order[i]];
    float min_squared = kUnbounded;
    for (std::size_t k = 0; k < order.blocks[block].count; ++k) {
      const std::size_t other = order.blocks[block].first + k;
      const float squared = (positions_m[order.order[other]] - point).squaredNorm();
      if (other != i && squared > 0 && squared < min_squared) min_squared = squared;
    }
    if (min_squared < kUnbounded) nearest_m.push_back(std::sqrt(min_squared));
  }
  if (nearest_m.empty()) return 0;
  const auto middle = nearest_m.begin() + static_cast<std::ptrdiff_t>(nearest_m.size() / 2);
  std::nth_element(nearest_m.begin(), middle, nearest_m.end());
  return std::clamp(*middle, 0.002F, 0.2F);
}

std::vector<std::uint32_t> blocksInView(const DrawOrder& order,
                                        const Eigen::Matrix4f& clip_from_world,
                                        const std::optional<Eigen::AlignedBox3f>& clip_box_m) {
  std::vector<std::uint32_t> seen;
  for (std::uint32_t i = 0; i < order.blocks.size(); ++i) {
    const Eigen::AlignedBox3f& bounds = order.blocks[i].bounds_m;
    if (bounds.isEmpty() || isOutside(bounds, clip_from_world)) continue;
    if (clip_box_m && !clip_box_m->intersects(bounds)) continue;
    seen.push_back(i);
  }
  return seen;
}

DrawRanges rangesOf(const DrawOrder& order, std::span<const std::uint32_t> blocks, double from, double to) {
  DrawRanges ranges;
  for (const std::uint32_t index : blocks) {
    const PointBlock& block = order.blocks[index];
    const auto begin = static_cast<std::uint32_t>(std::clamp(from, 0., 1.) * block.count);
    const auto end = static_cast<std::uint32_t>(std::clamp(to, 0., 1.) * block.count);
    if (end <= begin) continue;
    ranges.num_points += end - begin;
    const auto first = static_cast<std::int32_t>(block.first + begin);
    // Adjacent ranges are merged for fewer draw calls.
    if (!ranges.first.empty() && ranges.first.back() + ranges.count.back() == first) {
      ranges.count.back() += static_cast<std::int32_t>(end - begin);
    } else {
      ranges.first.push_back(first);
      ranges.count.push_back(static_cast<std::int32_t>(end - begin));
    }
  }
  return ranges;
}

}  // namespace tagscape
