#include "core/clouds/point_file.h"

#include "core/clouds/ply.h"

#include <fmt/format.h>
#include <open3d/geometry/PointCloud.h>
#include <open3d/geometry/TriangleMesh.h>
#include <open3d/io/PointCloudIO.h>
#include <open3d/io/TriangleMeshIO.h>
#include <open3d/utility/Logging.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace tagscape {
namespace {

constexpr std::array<std::string_view, 5> kClouds{".pcd", ".xyz", ".xyzn", ".xyzrgb", ".pts"};
constexpr std::array<std::string_view, 5> kMeshes{".obj", ".stl", ".off", ".gltf", ".glb"};

std::string extensionOf(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(
      extension.begin(), extension.end(), extension.begin(), [](unsigned char c) { return std::tolower(c); });
  return extension;
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view extension) {
  return std::find(list.begin(), list.end(), extension) != list.end();
}

PointCloud convertPoints(const std::vector<Eigen::Vector3d>& points,
                         const std::vector<Eigen::Vector3d>& colors,
                         const std::vector<Eigen::Vector3d>& normals) {
  PointCloud cloud;
  for (const auto& point : points) cloud.positions_m.push_back(point.cast<float>());
  if (normals.size() == points.size())
    for (const auto& normal : normals) cloud.normals.push_back(normal.cast<float>());
  const auto toByte = [](double value) {
    return value > 0 ? static_cast<std::uint8_t>(std::min(value * 255 + 0.5, 255.0)) : std::uint8_t{0};
  };
  if (colors.size() == points.size())
    for (const auto& color : colors) cloud.colors.push_back({toByte(color.x()), toByte(color.y()), toByte(color.z())});
  return cloud;
}

bool allFinite(const PointCloud& cloud) {
  return std::all_of(
      cloud.positions_m.begin(), cloud.positions_m.end(), [](const Eigen::Vector3f& p) { return p.allFinite(); });
}

bool readCloud(const std::filesystem::path& path, Mesh& mesh) {
  open3d::geometry::PointCloud cloud;
  if (!open3d::io::ReadPointCloud(path.string(), cloud, {"auto", true, true, false})) return false;
  mesh.vertices = convertPoints(cloud.points_, cloud.colors_, cloud.normals_);
  return true;
}

bool readMesh(const std::filesystem::path& path, Mesh& mesh) {
  open3d::geometry::TriangleMesh found;
  if (!open3d::io::ReadTriangleMesh(path.string(), found)) return false;
  if (extensionOf(path) == ".stl") found.RemoveDuplicatedVertices();
  mesh.vertices = convertPoints(found.vertices_, found.vertex_colors_, found.vertex_normals_);
  const auto count = static_cast<int>(found.vertices_.size());
  for (const auto& corners : found.triangles_) {
    if (corners.minCoeff() < 0 || corners.maxCoeff() >= count) return false;
    mesh.triangles.push_back({static_cast<std::uint32_t>(corners[0]),
                              static_cast<std::uint32_t>(corners[1]),
                              static_cast<std::uint32_t>(corners[2])});
  }
  return true;
}

}  // namespace

bool isPointFile(const std::filesystem::path& path) {
  const std::string extension = extensionOf(path);
  return extension == ".ply" || contains(kClouds, extension) || contains(kMeshes, extension);
}

Result<Mesh> readPointFile(const std::filesystem::path& path) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code))
    return failFile(ErrorCode::NotFound, path, "no such file", "Check the path");
  const std::string extension = extensionOf(path);
  if (!isPointFile(path)) {
    return failFile(ErrorCode::Unsupported,
                    path,
                    fmt::format("\"{}\" is no kind of scan that can be read", extension),
                    "Save it as PLY; PCD, XYZ, PTS, OBJ, STL, OFF, GLTF and GLB are read too");
  }
  Mesh mesh;
  if (extension == ".ply") {
    TAGSCAPE_ASSIGN(auto content, readPly(path));
    mesh = std::move(content.mesh);
  } else {
    bool good = false;
    try {
      const open3d::utility::VerbosityContextManager quiet(open3d::utility::VerbosityLevel::Error);
      good = contains(kClouds, extension) ? readCloud(path, mesh) : readMesh(path, mesh);
    } catch (const std::exception&) {
      good = false;  // the message would name Open3D's own source files
    }
    if (!good || !allFinite(mesh.vertices))
      return failFile(
          ErrorCode::InvalidInput, path, "it is damaged or no such file", "Export it again, as PLY if you can");
  }
  if (mesh.vertices.size() == 0)
    return failFile(ErrorCode::InvalidInput, path, "it holds no points", "Check that it is the right file");
  return mesh;
}

}  // namespace tagscape
