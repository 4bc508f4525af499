#pragma once

#include "core/scan_labels/class_values.h"

#include <span>

namespace tagscape {

/// The height of the floor: the lowest height at which much of the cloud faces up. World frame, z up, m. Falls back to
/// the lowest finite point if nothing faces up, and to 0 without finite points.
[[nodiscard]] float floorHeightOf(std::span<const Eigen::Vector3f> positions_m,
                                  std::span<const Eigen::Vector3f> normals);

/// How likely each class is at every point by its height over the floor and whether the surface there is level or
/// upright: log(.05 + frequency), interpolated, by the table in room_shapes.inc. Only differences within a row
/// mean something. Points without a place: 0.
///
/// This is knowledge of rooms beyond the tags, and assumes that z is up; results that use it state so.
/// @return [N, kNumClasses].
[[nodiscard]] ClassValues roomPrior(std::span<const Eigen::Vector3f> positions_m,
                                    std::span<const Eigen::Vector3f> normals,
                                    float floor_m);

/// What the size of plane surfaces says: minus the logarithm of how many times an area is larger than the largest
/// surface of the class that a room has (room_sizes.inc), at least -3; 0 for smaller ones, which may be parts. Surfaces
/// that are neither level nor upright, or bend, say nothing.
/// @param areas_m2  [S].
/// @param normals   [S] mean normals of the surfaces, of length at most 1.
/// @return [S, kNumClasses].
[[nodiscard]] ClassValues sizePrior(std::span<const float> areas_m2, std::span<const Eigen::Vector3f> normals);

}  // namespace tagscape
