#include "core/geometry/visibility.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kPointsPerPiece = 1 << 14;

/// camera_from_world in single precision, which is exact to about a micrometre in a room: far below half a pixel.
struct CameraFromWorld {
  Eigen::Matrix3f rotation;
  Eigen::Vector3f translation;

  explicit CameraFromWorld(const Pose& world_from_camera) {
    const Pose camera_from_world = world_from_camera.inverse();
    rotation = camera_from_world.linear().cast<float>();
    translation = camera_from_world.translation().cast<float>();
  }
};

struct Pinhole {
  float fx, fy, cx, cy, right, bottom;  // a pixel is in the image where -0.5 <= u < right

  explicit Pinhole(const Intrinsics& camera)
      : fx(static_cast<float>(camera.fx)),
        fy(static_cast<float>(camera.fy)),
        cx(static_cast<float>(camera.cx)),
        cy(static_cast<float>(camera.cy)),
        right(static_cast<float>(camera.width) - 0.5F),
        bottom(static_cast<float>(camera.height) - 0.5F) {}

  [[nodiscard]] bool contains(float u, float v) const { return u >= -0.5F && u < right && v >= -0.5F && v < bottom; }
};

/// The frame's depth where the point falls in the depth image; 0 where it falls beside it or nothing was measured.
float measuredDepth(const DepthImage* image, const Pinhole& camera, float x_over_z, float y_over_z) {
  if (image == nullptr) return 0;
  const float u = camera.fx * x_over_z + camera.cx;
  const float v = camera.fy * y_over_z + camera.cy;
  if (!camera.contains(u, v)) return 0;
  const int x = std::clamp(static_cast<int>(std::floor(u + 0.5F)), 0, image->width - 1);
  const int y = std::clamp(static_cast<int>(std::floor(v + 0.5F)), 0, image->height - 1);
  return image->at(x, y);
}

Visibility reasonFor(float difference_m, float depth_m, const DepthTolerance& tolerance) {
  const float allowed = tolerance.at(depth_m);
  if (difference_m > allowed) return Visibility::Occluded;
  if (difference_m < -allowed) return Visibility::InFront;
  return Visibility::Visible;
}

bool hasDepthReason(Visibility reason) {
  return reason == Visibility::Visible || reason == Visibility::Occluded || reason == Visibility::InFront;
}

}  // namespace

const char* nameOf(Visibility visibility) {
  switch (visibility) {
    case Visibility::Visible:
      return "visible";
    case Visibility::Outside:
      return "outside the image";
    case Visibility::Behind:
      return "behind the camera";
    case Visibility::Occluded:
      return "occluded";
    case Visibility::InFront:
      return "in front of the measured surface";
    case Visibility::NoDepth:
      return "no depth";
    case Visibility::NoPose:
      return "no pose";
  }
  return "unknown";
}

std::size_t VisibilityLedger::count(Visibility which) const {
  return static_cast<std::size_t>(std::count(reason.begin(), reason.end(), which));
}

VisibilityLedger judgeVisibility(std::span<const Eigen::Vector3f> points_in_world,
                                 const FrameView& frame,
                                 const DepthTolerance& tolerance) {
  const std::size_t count = points_in_world.size();
  VisibilityLedger ledger;
  ledger.pixel.resize(count, Eigen::Vector2f(kNan, kNan));
  ledger.depth_m.resize(count, kNan);
  ledger.depth_difference_m.resize(count, kNan);
  ledger.reason.resize(count, Visibility::NoPose);
  if (!frame.world_from_camera) return ledger;

  const CameraFromWorld transform(*frame.world_from_camera);
  const Pinhole color(frame.color);
  const Pinhole depth(frame.depth);
  parallelFor(count, kPointsPerPiece, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const Eigen::Vector3f in_camera = transform.rotation * points_in_world[i] + transform.translation;
      const float z = in_camera.z();
      ledger.depth_m[i] = z;
      if (!(z >= kNearPlane_m) || !std::isfinite(z)) {
        ledger.reason[i] = Visibility::Behind;
        continue;
      }
      const float x_over_z = in_camera.x() / z;
      const float y_over_z = in_camera.y() / z;
      const float u = color.fx * x_over_z + color.cx;
      const float v = color.fy * y_over_z + color.cy;
      ledger.pixel[i] = {u, v};
      if (!color.contains(u, v)) {
        ledger.reason[i] = Visibility::Outside;
        continue;
      }
      const float measured = measuredDepth(frame.depth_image, depth, x_over_z, y_over_z);
      if (!(measured > 0)) {
        ledger.reason[i] = Visibility::NoDepth;
        continue;
      }
      ledger.depth_difference_m[i] = z - measured;
      ledger.reason[i] = reasonFor(z - measured, z, tolerance);
    }
  });
  return ledger;
}

void rejudge(VisibilityLedger& ledger, const DepthTolerance& tolerance) {
  for (std::size_t i = 0; i < ledger.reason.size(); ++i) {
    if (hasDepthReason(ledger.reason[i])) {
      ledger.reason[i] = reasonFor(ledger.depth_difference_m[i], ledger.depth_m[i], tolerance);
    }
  }
}

}  // namespace tagscape
