#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// One step down and up again in a PointNet++: which points are kept, whose features they gather, and how the finer
/// level gets them back. "Finer" is the level above (the cloud itself for the first), "coarser" this one.
struct PointLevel {
  std::size_t num_points = 0;                  ///< M, of the coarser level.
  std::vector<std::int64_t> centres;           ///< [M] rows of the finer level.
  std::vector<std::int64_t> neighbours;        ///< [M, k] rows of the finer level.
  std::vector<std::int64_t> interpolate_from;  ///< [finer, 3] rows of the coarser level, nearest first.
  std::vector<float> interpolate_weight;       ///< [finer, 3], inverse distances; each row sums to 1.
};

struct PointHierarchy {
  std::size_t num_points = 0;  ///< Of the cloud.
  std::size_t num_neighbours = 0;
  std::vector<PointLevel> levels;  ///< Fine to coarse.
};

struct PointHierarchyOptions {
  std::vector<std::size_t> level_sizes{512, 128, 32};
  std::vector<float> radii_m{0.25F, 0.6F, 1.5F};
  std::size_t num_neighbours = 16;
};

/// Neighbourhoods of a cloud. They depend on distances only, so they hold for any rotation and flip of it: build them
/// once a subsample, not once a step. Points should come in random order: a neighbourhood is the first k in its ball.
///
/// Clouds smaller than a level use all of their points there. Points must be finite; breaking that, an empty cloud, or
/// radii and sizes that do not match throws std::logic_error.
/// Source: Qi et al., "PointNet++: deep hierarchical feature learning on point sets in a metric space", 2017.
[[nodiscard]] PointHierarchy buildHierarchy(std::span<const Eigen::Vector3f> points,
                                            const PointHierarchyOptions& options);

}  // namespace tagscape
