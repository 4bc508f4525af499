#pragma once

#include <Eigen/Geometry>

namespace tagscape {

/// An undistorted pinhole camera: u = fx X/Z + cx, v = fy Y/Z + cy. Camera frame: x right, y down, z forward, metres.
struct Intrinsics {
  double fx = 0, fy = 0;  ///< px, positive.
  double cx = 0, cy = 0;  ///< px, where the optical axis meets the image; pixel centres are at integers.
  int width = 0, height = 0;

  /// The camera of the same image resized to the given size, exact to half-pixel conventions:
  /// cx' = (cx + .5) * width'/width - .5, and cy likewise.
  [[nodiscard]] Intrinsics resizedTo(int new_width, int new_height) const {
    const double sx = static_cast<double>(new_width) / width;
    const double sy = static_cast<double>(new_height) / height;
    return {fx * sx, fy * sy, (cx + .5) * sx - .5, (cy + .5) * sy - .5, new_width, new_height};
  }
};

using Pose = Eigen::Isometry3d;

}  // namespace tagscape
