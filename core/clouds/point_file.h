#pragma once

#include "core/base/result.h"
#include "core/scene/point_cloud.h"

#include <filesystem>

namespace tagscape {

/// Whether the name ends like a mesh or point cloud that readPointFile takes.
[[nodiscard]] bool isPointFile(const std::filesystem::path& path);

/// A mesh or point cloud without frames: PLY by our own reader; PCD, XYZ, XYZN, XYZRGB, PTS, OBJ, STL, OFF, GLTF and
/// GLB by Open3D's. Points that are not finite are left out of clouds; STL's corners that coincide become one vertex.
/// Errors: NotFound; Unsupported for other kinds, naming these; InvalidInput if it cannot be read or holds no points.
[[nodiscard]] Result<Mesh> readPointFile(const std::filesystem::path& path);

}  // namespace tagscape
