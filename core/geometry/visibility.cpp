#include "core/geometry/visibility.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
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

/// A frame ready to classifier points: everything that is the same for all of them.
struct FrameClassifier {
  CameraFromWorld transform;
  Pinhole color;
  Pinhole depth;
  const DepthImage* image;
  DepthTolerance tolerance;
};

Visibility reasonFor(float difference_m, float depth_m, const DepthTolerance& tolerance) {
  const float allowed = tolerance.at(depth_m);
  if (difference_m > allowed) return Visibility::Occluded;
  if (difference_m < -allowed) return Visibility::InFront;
  return Visibility::Visible;
}

bool hasDepthReason(Visibility reason) {
  return reason == Visibility::Visible || reason == Visibility::Occluded || reason == Visibility::InFront;
}

/// A few points at a time, coordinate by coordinate: the compiler turns such loops into vector instructions, and all of
/// it stays in the nearest cache.
constexpr std::size_t kPointsPerBlock = 256;
struct Block {
  std::array<float, kPointsPerBlock> x, y, z;           // world, then x / z, y / z and z of the camera
  std::array<float, kPointsPerBlock> u, v;              // colour pixel
  std::array<float, kPointsPerBlock> depth_u, depth_v;  // depth pixel
};

void project(const FrameClassifier& classifier, std::span<const Eigen::Vector3f> points, Block& block) {
  const std::size_t count = points.size();
  const Eigen::Matrix3f& r = classifier.transform.rotation;
  const Eigen::Vector3f& t = classifier.transform.translation;
  const float r00 = r(0, 0), r01 = r(0, 1), r02 = r(0, 2), r10 = r(1, 0), r11 = r(1, 1), r12 = r(1, 2), r20 = r(2, 0),
              r21 = r(2, 1), r22 = r(2, 2), t0 = t.x(), t1 = t.y(), t2 = t.z();
  for (std::size_t i = 0; i < count; ++i) {
    block.x[i] = points[i].x();
    block.y[i] = points[i].y();
    block.z[i] = points[i].z();
  }
  for (std::size_t i = 0; i < count; ++i) {
    const float x = block.x[i], y = block.y[i], z = block.z[i];
    const float in_camera_z = r20 * x + r21 * y + r22 * z + t2;
    block.x[i] = (r00 * x + r01 * y + r02 * z + t0) / in_camera_z;
    block.y[i] = (r10 * x + r11 * y + r12 * z + t1) / in_camera_z;
    block.z[i] = in_camera_z;
  }
  const Pinhole color = classifier.color, depth = classifier.depth;
  for (std::size_t i = 0; i < count; ++i) {
    block.u[i] = color.fx * block.x[i] + color.cx;
    block.v[i] = color.fy * block.y[i] + color.cy;
    block.depth_u[i] = depth.fx * block.x[i] + depth.cx;
    block.depth_v[i] = depth.fy * block.y[i] + depth.cy;
  }
}

/// The frame's depth where the point falls in the depth image; 0 where it falls beside it or nothing was measured.
float measuredDepth(const FrameClassifier& classifier, float u, float v) {
  if (classifier.image == nullptr || !classifier.depth.contains(u, v)) return 0;
  // Both are at least -0.5, so cutting what is half a pixel further to a whole number rounds to the nearest pixel.
  constexpr float kHalf = 0.5F;
  const float right = u + kHalf, below = v + kHalf;
  const int x = std::min(static_cast<int>(right), classifier.image->width - 1);
  const int y = std::min(static_cast<int>(below), classifier.image->height - 1);
  return classifier.image->at(x, y);
}

/// Writes the entries of points first, first + 1, … of the visibility.
void classifyBlock(const FrameClassifier& classifier,
                   const Block& block,
                   std::size_t first,
                   std::size_t count,
                   VisibilityResult& visibility) {
  for (std::size_t i = 0; i < count; ++i) {
    const float z = block.z[i], u = block.u[i], v = block.v[i];
    Visibility reason = Visibility::Behind;
    float difference_m = kNan;
    const bool is_before = z >= kNearPlane_m && z < kInfinity;
    if (is_before) {
      reason = Visibility::Outside;
      if (classifier.color.contains(u, v)) {
        const float measured_m = measuredDepth(classifier, block.depth_u[i], block.depth_v[i]);
        reason = Visibility::NoDepth;
        if (measured_m > 0) {
          difference_m = z - measured_m;
          reason = reasonFor(difference_m, z, classifier.tolerance);
        }
      }
    }
    visibility.pixel[first + i] = is_before ? Eigen::Vector2f(u, v) : Eigen::Vector2f(kNan, kNan);
    visibility.depth_m[first + i] = z;
    visibility.depth_difference_m[first + i] = difference_m;
    visibility.reason[first + i] = reason;
  }
}

void resize(VisibilityResult& visibility, std::size_t count) {
  visibility.pixel.resize(count);
  visibility.depth_m.resize(count);
  visibility.depth_difference_m.resize(count);
  visibility.reason.resize(count);
}

void markWithoutPose(VisibilityResult& visibility) {
  std::fill(visibility.pixel.begin(), visibility.pixel.end(), Eigen::Vector2f(kNan, kNan));
  std::fill(visibility.depth_m.begin(), visibility.depth_m.end(), kNan);
  std::fill(visibility.depth_difference_m.begin(), visibility.depth_difference_m.end(), kNan);
  std::fill(visibility.reason.begin(), visibility.reason.end(), Visibility::NoPose);
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

std::size_t VisibilityResult::count(Visibility which) const {
  return static_cast<std::size_t>(std::count(reason.begin(), reason.end(), which));
}

VisibilityResult computeVisibility(std::span<const Eigen::Vector3f> points_in_world,
                                   const FrameView& frame,
                                   const DepthTolerance& tolerance) {
  VisibilityResult visibility;
  computeVisibility(points_in_world, frame, tolerance, visibility);
  return visibility;
}

void computeVisibility(std::span<const Eigen::Vector3f> points_in_world,
                       const FrameView& frame,
                       const DepthTolerance& tolerance,
                       VisibilityResult& visibility) {
  resize(visibility, points_in_world.size());
  if (!frame.world_from_camera) return markWithoutPose(visibility);
  const FrameClassifier classifier{
      CameraFromWorld(*frame.world_from_camera),
      Pinhole(frame.color),
      Pinhole(frame.depth),
      frame.depth_image != nullptr && !frame.depth_image->empty() ? frame.depth_image : nullptr,
      tolerance};
  parallelFor(points_in_world.size(), kPointsPerPiece, [&](std::size_t first, std::size_t last) {
    Block block;
    for (std::size_t i = first; i < last; i += kPointsPerBlock) {
      const std::size_t count = std::min(kPointsPerBlock, last - i);
      project(classifier, points_in_world.subspan(i, count), block);
      classifyBlock(classifier, block, i, count, visibility);
    }
  });
}

void applyTolerance(VisibilityResult& visibility, const DepthTolerance& tolerance) {
  for (std::size_t i = 0; i < visibility.reason.size(); ++i) {
    if (hasDepthReason(visibility.reason[i])) {
      visibility.reason[i] = reasonFor(visibility.depth_difference_m[i], visibility.depth_m[i], tolerance);
    }
  }
}

}  // namespace tagscape
