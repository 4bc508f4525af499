#include "core/clouds/polygon.h"

#include <Eigen/Geometry>

#include <algorithm>

namespace tagscape {
namespace {

/// Newell's normal: the sum of the cross products around the polygon, whatever its shape.
Eigen::Vector3d normalOf(std::span<const Eigen::Vector3d> polygon) {
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();
  for (std::size_t i = 0; i < polygon.size(); ++i) normal += polygon[i].cross(polygon[(i + 1) % polygon.size()]);
  return normal;
}

double turn(const Eigen::Vector2d& a, const Eigen::Vector2d& b, const Eigen::Vector2d& c) {
  return (b - a).x() * (c - a).y() - (b - a).y() * (c - a).x();
}

bool isInside(const Eigen::Vector2d& p, const Eigen::Vector2d& a, const Eigen::Vector2d& b, const Eigen::Vector2d& c) {
  return turn(a, b, p) >= 0 && turn(b, c, p) >= 0 && turn(c, a, p) >= 0;
}

void fan(std::span<const std::uint32_t> corners, std::vector<Triangle>& triangles) {
  for (std::size_t i = 2; i < corners.size(); ++i) triangles.push_back({corners[0], corners[i - 1], corners[i]});
}

/// The polygon in its own plane, counter-clockwise; empty if it has no area.
std::vector<Eigen::Vector2d> flattened(std::span<const Eigen::Vector3f> positions,
                                       std::span<const std::uint32_t> corners) {
  std::vector<Eigen::Vector3d> polygon;
  for (const auto corner : corners) polygon.push_back((positions[corner] - positions[corners[0]]).cast<double>());
  const Eigen::Vector3d normal = normalOf(polygon);
  if (!(normal.norm() > 0)) return {};
  const Eigen::Vector3d x = normal.unitOrthogonal();
  const Eigen::Vector3d y = normal.normalized().cross(x);
  std::vector<Eigen::Vector2d> flat;
  for (const auto& p : polygon) flat.emplace_back(p.dot(x), p.dot(y));
  return flat;
}

bool isEar(const std::vector<Eigen::Vector2d>& flat, const std::vector<std::size_t>& left, std::size_t at) {
  const std::size_t before = left[(at + left.size() - 1) % left.size()];
  const std::size_t after = left[(at + 1) % left.size()];
  const auto& a = flat[before];
  const auto& b = flat[left[at]];
  const auto& c = flat[after];
  if (!(turn(a, b, c) > 0)) return false;
  return std::none_of(left.begin(), left.end(), [&](std::size_t i) {
    return i != before && i != left[at] && i != after && flat[i] != a && flat[i] != b && flat[i] != c &&
           isInside(flat[i], a, b, c);
  });
}

}  // namespace

void triangulate(std::span<const Eigen::Vector3f> positions,
                 std::span<const std::uint32_t> corners,
                 std::vector<Triangle>& triangles) {
  constexpr std::size_t kMaxCorners = 256;
  if (corners.size() <= 3 || corners.size() > kMaxCorners) return fan(corners, triangles);
  const auto flat = flattened(positions, corners);
  if (flat.empty()) return fan(corners, triangles);
  std::vector<std::size_t> left(corners.size());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
  while (left.size() > 3) {
    std::size_t at = 1;  // so that a convex polygon becomes the fan of its first corner
    while (at <= left.size() && !isEar(flat, left, at % left.size())) ++at;
    at = at > left.size() ? 1 : at % left.size();  // without an ear it is degenerate: any cut is as good
    triangles.push_back({corners[left[(at + left.size() - 1) % left.size()]],
                         corners[left[at]],
                         corners[left[(at + 1) % left.size()]]});
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(at));
  }
  triangles.push_back({corners[left[0]], corners[left[1]], corners[left[2]]});
}

}  // namespace tagscape
