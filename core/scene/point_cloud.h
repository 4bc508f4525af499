#pragma once

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <vector>

namespace tagscape {

using Rgb8 = std::array<std::uint8_t, 3>;
using Triangle = std::array<std::uint32_t, 3>;

/// Points of a scene in its world frame, z up. `colors` and `normals` hold one value per point or none at all.
struct PointCloud {
  std::vector<Eigen::Vector3f> positions_m;
  std::vector<Rgb8> colors;
  std::vector<Eigen::Vector3f> normals;

  [[nodiscard]] std::size_t size() const { return positions_m.size(); }
};

/// A surface; its vertices are the points that are labelled. Without triangles it is a point cloud.
struct Mesh {
  PointCloud vertices;
  std::vector<Triangle> triangles;
};

}  // namespace tagscape
