#pragma once

#include "core/base/result.h"
#include "core/clouds/cloud_content.h"

#include <filesystem>

namespace tagscape {

/// Whether the name ends like a mesh or point cloud that readPointFile takes.
[[nodiscard]] bool isPointFile(const std::filesystem::path& path);

/// A mesh or point cloud without frames, by its extension: PLY, PCD, text (XYZ, XYZN, XYZRGB, PTS, ASC, TXT, CSV), OBJ,
/// STL, OFF, glTF and GLB, LAS and LAZ, E57. What was left out or guessed is in its notes; see the readers (ply.h,
/// pcd.h, text_cloud.h, obj.h, stl_off.h, gltf.h, las.h, e57.h). Errors: NotFound; Unsupported for other kinds, naming
/// these; those of the readers.
[[nodiscard]] Result<CloudContent> readPointFile(const std::filesystem::path& path);

}  // namespace tagscape
