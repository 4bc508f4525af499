#include "core/scans/camera_text.h"

#include <Eigen/LU>
#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace tagscape {
namespace fs = std::filesystem;

Result<Eigen::Matrix4d> parseMatrix4(std::string_view text, const fs::path& name) {
  Eigen::Matrix4d matrix;
  int count = 0;
  std::size_t position = 0;
  while (position < text.size()) {
    const auto begin = text.find_first_not_of(" \t\r\n", position);
    if (begin == std::string_view::npos) break;
    const auto end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    if (count == 16) return failFile(ErrorCode::InvalidInput, name, "more than 16 numbers", "Write a 4x4 matrix");
    double value = 0;
    const auto [stopped, problem] = std::from_chars(text.data() + begin, text.data() + end, value);
    if (problem != std::errc() || stopped != text.data() + end) {
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("entry {} is no number (\"{:.20}\")", count + 1, text.substr(begin, end - begin)),
                      "Write a 4x4 matrix of numbers");
    }
    matrix(count / 4, count % 4) = value;
    ++count;
    position = end;
  }
  if (count != 16)
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("{} numbers instead of 16", count), "Write a 4x4 matrix");
  return matrix;
}

Result<Pose> poseFromMatrix(const Eigen::Matrix4d& world_from_camera, const fs::path& name) {
  if (!world_from_camera.allFinite()) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    "the pose is not finite (tracking was lost)",
                    "The frame is left out; nothing needs to be done");
  }
  const Eigen::Matrix3d rotation = world_from_camera.topLeftCorner<3, 3>();
  constexpr double kRounding = 0.01;  // poses are written with few digits and come from drifting filters
  const bool rigid =
      (rotation * rotation.transpose() - Eigen::Matrix3d::Identity()).cwiseAbs().maxCoeff() < kRounding &&
      rotation.determinant() > 0;
  if (!rigid || !world_from_camera.row(3).isApprox(Eigen::RowVector4d(0, 0, 0, 1), kRounding)) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    "the matrix is no rotation and translation",
                    "Write the camera-to-world pose, row by row");
  }
  constexpr double kFarthest_m = 1e5;
  if (world_from_camera.topRightCorner<3, 1>().cwiseAbs().maxCoeff() > kFarthest_m) {
    return failFile(
        ErrorCode::InvalidInput, name, "the camera is more than 100 km away", "Write translations in metres");
  }
  Pose pose = Pose::Identity();
  pose.linear() = Eigen::Quaterniond(rotation).normalized().toRotationMatrix();
  pose.translation() = world_from_camera.topRightCorner<3, 1>();
  return pose;
}

Result<Intrinsics> intrinsicsFromMatrix(const Eigen::Matrix4d& matrix, int width, int height, const fs::path& name) {
  const Intrinsics intrinsics{matrix(0, 0), matrix(1, 1), matrix(0, 2), matrix(1, 2), width, height};
  const bool positive =
      std::isfinite(intrinsics.fx) && std::isfinite(intrinsics.fy) && intrinsics.fx > 0 && intrinsics.fy > 0;
  const bool inside =
      intrinsics.cx > -0.5 && intrinsics.cx < width - 0.5 && intrinsics.cy > -0.5 && intrinsics.cy < height - 0.5;
  if (!positive || !inside) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("fx {:g}, fy {:g}, cx {:g}, cy {:g} do not fit images of {} x {} pixels",
                                intrinsics.fx,
                                intrinsics.fy,
                                intrinsics.cx,
                                intrinsics.cy,
                                width,
                                height),
                    "Use the intrinsics of these images, scaled to their size");
  }
  return intrinsics;
}

}  // namespace tagscape
