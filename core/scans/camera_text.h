#pragma once

#include "core/base/result.h"
#include "core/scene/camera.h"

#include <Eigen/Core>

#include <filesystem>
#include <string_view>

namespace tagscape {

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
