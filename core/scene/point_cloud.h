#pragma once

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <map>
#include <string>
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

/// Labels that a file brings along with its points, as the file's own ids.
struct LabelColumn {
  std::string name;                           ///< Of the file's property: "label", "scalar_Classification".
  std::vector<std::int32_t> ids;              ///< One per point.
  std::map<std::int32_t, std::string> names;  ///< Of ids, where the format defines or the file states them.
};

}  // namespace tagscape
