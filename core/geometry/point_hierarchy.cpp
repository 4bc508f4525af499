#include "core/geometry/point_hierarchy.h"

#include "core/geometry/point_operators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr std::size_t kInterpolated = 3;

std::vector<std::int64_t> widened(const std::vector<std::uint32_t>& indices) {
  return {indices.begin(), indices.end()};
}

void interpolate(std::span<const Eigen::Vector3f> finer,
                 std::span<const Eigen::Vector3f> coarser,
                 float min_distance_m,
                 PointLevel& level) {
  // A box about as large as the coarser points are apart keeps the search within a few of them.
  const float spacing =
      coarser.size() > 1
          ? std::sqrt(std::max(1e-6F, (coarser[1] - coarser[0]).squaredNorm() / static_cast<float>(coarser.size())))
          : 1.F;
  const auto found = PointGrid(coarser, spacing).nearest(finer, kInterpolated);
  level.interpolate_from = widened(found.index);
  level.interpolate_weight.resize(found.index.size());
  for (std::size_t row = 0; row < finer.size(); ++row) {
    std::array<float, kInterpolated> weight{};
    float sum = 0;
    for (std::size_t n = 0; n < kInterpolated; ++n) {
      weight[n] = 1.F / (std::sqrt(found.squared_distance_m2[row * kInterpolated + n]) + min_distance_m);
      sum += weight[n];
    }
    for (std::size_t n = 0; n < kInterpolated; ++n) level.interpolate_weight[row * kInterpolated + n] = weight[n] / sum;
  }
}

}  // namespace

PointHierarchyOptions smallPointHierarchy() {
  PointHierarchyOptions options;
  options.levels = {{512, {{0.25F, 16}}}, {128, {{0.6F, 16}}}, {32, {{1.5F, 16}}}};
  // With few neighbours in many balls, the first of them would count many times in the batch's statistics.
  options.padding = BallPadding::Cycle;
  options.min_distance_m = 1e-4F;
  return options;
}

PointHierarchy buildHierarchy(std::span<const Eigen::Vector3f> points, const PointHierarchyOptions& options) {
  const auto has_no_group = [](const PointLevelOptions& level) { return level.groups.empty(); };
  if (points.empty() || options.levels.empty() || std::ranges::any_of(options.levels, has_no_group)) {
    throw std::logic_error("buildHierarchy: an empty cloud, or levels without a group");
  }
  PointHierarchy hierarchy{points.size(), {}};
  std::vector<Eigen::Vector3f> finer(points.begin(), points.end());
  for (const PointLevelOptions& wanted : options.levels) {
    PointLevel level;
    level.num_points = std::min(wanted.num_points, finer.size());
    const auto chosen =
        farthestPoints(finer, level.num_points, {.first = 0, .skip_near_origin = options.skip_near_origin});
    std::vector<Eigen::Vector3f> coarser;
    coarser.reserve(chosen.size());
    for (const std::uint32_t row : chosen) coarser.push_back(finer[row]);
    level.centres = widened(chosen);
    for (const auto& [radius_m, num_neighbours] : wanted.groups) {
      const PointGrid grid(finer, radius_m);
      level.neighbours.push_back(widened(grid.ballQuery(coarser, radius_m, num_neighbours, options.padding)));
    }
    interpolate(finer, coarser, options.min_distance_m, level);
    hierarchy.levels.push_back(std::move(level));
    finer = std::move(coarser);
  }
  return hierarchy;
}

}  // namespace tagscape
