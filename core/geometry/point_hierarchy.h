#pragma once

#include "core/geometry/point_operators.h"

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// One step down and up again in a PointNet++: which points are kept, whose features they gather, and how the finer
/// level gets them back. "Finer" is the level above (the cloud itself for the first), "coarser" this one.
struct PointLevel {
  std::size_t num_points = 0;                         ///< M, of the coarser level.
  std::vector<std::int64_t> centres;                  ///< [M] rows of the finer level.
  std::vector<std::vector<std::int64_t>> neighbours;  ///< By group, [M, k] rows of the finer level.
  std::vector<std::int64_t> interpolate_from;         ///< [finer, 3] rows of the coarser level, nearest first.
  std::vector<float> interpolate_weight;              ///< [finer, 3], inverse distances; each row sums to 1.
};

struct PointHierarchy {
  std::size_t num_points = 0;      ///< Of the cloud.
  std::vector<PointLevel> levels;  ///< Fine to coarse.
};

/// The points around each centre that one scale of a level gathers.
struct BallGroup {
  float radius_m = 0;
  std::size_t num_neighbours = 0;
};

struct PointLevelOptions {
  std::size_t num_points = 0;
  std::vector<BallGroup> groups;  ///< One, or several for multi-scale grouping.
};

struct PointHierarchyOptions {
  std::vector<PointLevelOptions> levels;
  BallPadding padding = BallPadding::FirstHit;
  /// Added to distances before they are inverted: the weight of a point that lies on a coarser one stays finite.
  float min_distance_m = 1e-8F;
  /// See FarthestOptions; the field's CUDA kernel does, and weights trained with it saw no other neighbourhoods.
  bool skip_near_origin = false;
};

/// What the small point network is made for.
[[nodiscard]] PointHierarchyOptions smallPointHierarchy();

/// Neighbourhoods of a cloud. They depend on distances only, so they hold for any rotation and flip of it: build them
/// once a subsample, not once a step. Points should come in random order: a neighbourhood is the first k in its ball.
///
/// Clouds smaller than a level use all of their points there. Points must be finite; breaking that, an empty cloud, no
/// levels or a level without groups throws std::logic_error.
/// Source: Qi et al., "PointNet++: deep hierarchical feature learning on point sets in a metric space", 2017.
[[nodiscard]] PointHierarchy buildHierarchy(std::span<const Eigen::Vector3f> points,
                                            const PointHierarchyOptions& options);

}  // namespace tagscape
