#pragma once

#include "core/base/result.h"
#include "core/scans/conventions.h"
#include "core/scene/camera.h"

#include <Eigen/Core>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// All numbers of a text, as programs and people write them: between blanks, commas or semicolons, in brackets as numpy
/// prints them, with a decimal comma ("0,5 1,0") where blanks separate; lines that begin with # or // are comments, a
/// byte order mark is ignored. Errors: InvalidInput naming the entry that is no number.
[[nodiscard]] Result<std::vector<double>> parseNumbers(std::string_view text, const std::filesystem::path& name);

/// A 4x4 matrix, row-major, of sixteen numbers, or of twelve: its last row is 0 0 0 1 then.
/// Errors: those of parseNumbers; InvalidInput for another count.
[[nodiscard]] Result<Eigen::Matrix4d> parseMatrix4(std::string_view text, const std::filesystem::path& name);
[[nodiscard]] Result<Eigen::Matrix4d> matrix4FromNumbers(std::span<const double> numbers,
                                                         const std::filesystem::path& name);

/// A rigid camera-to-world pose from a matrix. Errors: InvalidInput if an entry is not finite (tracking was lost) or
/// the rotation part is none (beyond the rounding of written poses).
[[nodiscard]] Result<Pose> poseFromMatrix(const Eigen::Matrix4d& world_from_camera, const std::filesystem::path& name);

/// A matrix from a quaternion and a translation. A quaternion of length 0 gives a matrix that is no rotation.
[[nodiscard]] Eigen::Matrix4d matrixOf(const Eigen::Quaterniond& rotation, const Eigen::Vector3d& translation);

/// Camera-to-world in OpenCV axes, from a matrix in a layout's convention.
[[nodiscard]] Eigen::Matrix4d worldFromCamera(const Eigen::Matrix4d& matrix, PoseDirection direction, CameraAxes axes);

/// Pinhole intrinsics from a 4x4 or 3x3 matrix for images of the given size.
/// Errors: InvalidInput if a focal length is not positive or a principal point lies outside the image.
[[nodiscard]] Result<Intrinsics> intrinsicsFromMatrix(const Eigen::Matrix4d& matrix,
                                                      int width,
                                                      int height,
                                                      const std::filesystem::path& name);

/// A camera from a text: fx fy cx cy, the same with width and height after or (ARKitScenes) before it, or a matrix of
/// 3x3, 3x4 or 4x4. Errors: as parseNumbers; InvalidInput for another count.
[[nodiscard]] Result<CameraModel> parseCamera(std::string_view text, const std::filesystem::path& name);

/// The camera for images of another size than it was given for: scaled when both sides have the same ratio (within 2
/// %). Where the model has no size and its principal point says by the same ratio on both axes (within 8 %, and far
/// from 1) that it is of larger or smaller images, it is scaled, and `note` says so. Errors: InvalidInput if it does
/// not fit.
[[nodiscard]] Result<Intrinsics> fitCamera(
    const CameraModel& model, int width, int height, const std::filesystem::path& name, std::string& note);

}  // namespace tagscape
