#include "core/nn/point_hierarchy.h"

#include "core/nn/point_operators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr std::size_t kInterpolated = 3;
// Keeps the weight of a point that lies on a coarser one finite; 0.1 mm is far below the spacing of any cloud here.
constexpr float kMinDistance_m = 1e-4F;

std::vector<std::int64_t> widened(const std::vector<std::uint32_t>& indices) {
  return {indices.begin(), indices.end()};
}

void interpolate(std::span<const Eigen::Vector3f> finer, std::span<const Eigen::Vector3f> coarser, PointLevel& level) {
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
      weight[n] = 1.F / (std::sqrt(found.squared_distance_m2[row * kInterpolated + n]) + kMinDistance_m);
      sum += weight[n];
    }
    for (std::size_t n = 0; n < kInterpolated; ++n) level.interpolate_weight[row * kInterpolated + n] = weight[n] / sum;
  }
}

}  // namespace

PointHierarchy buildHierarchy(std::span<const Eigen::Vector3f> points, const PointHierarchyOptions& options) {
  if (points.empty() || options.level_sizes.size() != options.radii_m.size()) {
    throw std::logic_error("buildHierarchy: an empty cloud, or levels without a radius each");
  }
  PointHierarchy hierarchy{points.size(), options.num_neighbours, {}};
  std::vector<Eigen::Vector3f> finer(points.begin(), points.end());
  for (std::size_t l = 0; l < options.level_sizes.size(); ++l) {
    PointLevel level;
    level.num_points = std::min(options.level_sizes[l], finer.size());
    const auto chosen = farthestPoints(finer, level.num_points);
    std::vector<Eigen::Vector3f> coarser;
    coarser.reserve(chosen.size());
    for (const std::uint32_t row : chosen) coarser.push_back(finer[row]);
    level.centres = widened(chosen);
    level.neighbours =
        widened(PointGrid(finer, options.radii_m[l]).ballQuery(coarser, options.radii_m[l], options.num_neighbours));
    interpolate(finer, coarser, level);
    hierarchy.levels.push_back(std::move(level));
    finer = std::move(coarser);
  }
  return hierarchy;
}

}  // namespace tagscape
