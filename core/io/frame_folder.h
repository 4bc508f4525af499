#pragma once

#include "core/base/result.h"
#include "core/scene/scene.h"

#include <Eigen/Core>

#include <filesystem>
#include <string_view>

namespace tagscape {

/// Whether `path` looks like frames exported by ScanNet's SensReader: a folder with color/ or depth/, and pose/.
[[nodiscard]] bool isFrameFolder(const std::filesystem::path& path);

/// Reads a scan in the layout of ScanNet's SensReader export:
///   color/K.jpg (or .png)  depth/K.png (16 bit, millimetres, 0 = none)  pose/K.txt (camera to world, 4x4, metres)
///   intrinsic/intrinsic_color.txt, intrinsic/intrinsic_depth.txt        tags.json (optional)
/// Pixels stay on disk until they are asked for; the image sizes are those of the first readable frame.
///
/// What is wrong with single frames (no depth map, a pose that is not finite or no rigid motion, an image that cannot
/// be read) or with tags.json becomes a warning, and the frame or the tags are left out of what needs them.
/// Errors: NotFound; InvalidInput if it is no such folder, has no frame, or its intrinsics are missing or do not fit
/// its images.
[[nodiscard]] Result<Scene> readFrameFolder(const std::filesystem::path& path);

/// Sixteen numbers, row-major, as text. Errors: InvalidInput naming which number is missing, superfluous or no number.
[[nodiscard]] Result<Eigen::Matrix4d> parseMatrix4(std::string_view text, const std::filesystem::path& name);

/// A rigid camera-to-world pose from a matrix. Errors: InvalidInput if an entry is not finite (tracking was lost) or
/// the rotation part is none (beyond the rounding of written poses).
[[nodiscard]] Result<Pose> poseFromMatrix(const Eigen::Matrix4d& world_from_camera, const std::filesystem::path& name);

/// Pinhole intrinsics from a 4x4 or 3x3 matrix for images of the given size.
/// Errors: InvalidInput if a focal length is not positive or a principal point lies outside the image.
[[nodiscard]] Result<Intrinsics> intrinsicsFromMatrix(const Eigen::Matrix4d& matrix,
                                                      int width,
                                                      int height,
                                                      const std::filesystem::path& name);

}  // namespace tagscape
