#include "core/geometry/frame_probe.h"

#include <cmath>

namespace tagscape {
namespace {

bool isIn(float u, float v, const Intrinsics& camera) {
  return u >= -.5F && v >= -.5F && u < static_cast<float>(camera.width) - .5F &&
         v < static_cast<float>(camera.height) - .5F;
}

}  // namespace

PointVisibility FrameProbe::visibilityOf(const Eigen::Vector3f& point_in_world, const DepthTolerance& tolerance) const {
  FrameView view = view_;
  if (!depth_image_.empty()) view.depth_image = &depth_image_;
  const VisibilityResult visibility = computeVisibility(std::span(&point_in_world, 1), view, tolerance);
  return {visibility.reason[0], visibility.pixel[0], visibility.depth_m[0], visibility.depth_difference_m[0]};
}

float FrameProbe::depthAt(float u, float v) const {
  if (depth_image_.empty() || !isIn(u, v, view_.color)) return 0;
  // The same ray in the depth camera: both share the pose.
  const double x = (static_cast<double>(u) - view_.color.cx) / view_.color.fx;
  const double y = (static_cast<double>(v) - view_.color.cy) / view_.color.fy;
  const auto depth_u = static_cast<int>(std::floor(view_.depth.fx * x + view_.depth.cx + .5));
  const auto depth_v = static_cast<int>(std::floor(view_.depth.fy * y + view_.depth.cy + .5));
  if (depth_u < 0 || depth_v < 0 || depth_u >= depth_image_.width || depth_v >= depth_image_.height) return 0;
  return depth_image_.at(depth_u, depth_v);
}

std::optional<Eigen::Vector3f> FrameProbe::surfaceAt(float u, float v) const {
  const float depth_m = depthAt(u, v);
  if (!(depth_m > 0) || !view_.world_from_camera) return std::nullopt;
  const auto z = static_cast<double>(depth_m);
  const Eigen::Vector3d in_camera((static_cast<double>(u) - view_.color.cx) / view_.color.fx * z,
                                  (static_cast<double>(v) - view_.color.cy) / view_.color.fy * z,
                                  z);
  return (*view_.world_from_camera * in_camera).cast<float>();
}

}  // namespace tagscape
