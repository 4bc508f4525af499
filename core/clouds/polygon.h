#pragma once

#include "core/scene/point_cloud.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// Appends the triangles of a polygon, its corners in order: n - 2 of them, in the polygon's own orientation. They are
/// cut by ear clipping in the plane of their mean normal, so that concave ones stay whole; of convex ones that is the
/// fan of the first corner. Fewer than three corners give nothing.
/// @param corners  each below the number of positions.   Cost: O(n^3) at worst; more than 256 corners become a fan.
/// Source: Meisters, Polygons have ears, Am. Math. Monthly 82 (1975).
void triangulate(std::span<const Eigen::Vector3f> positions,
                 std::span<const std::uint32_t> corners,
                 std::vector<Triangle>& triangles);

}  // namespace tagscape
