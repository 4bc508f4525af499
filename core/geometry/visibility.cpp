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

/// A frame ready to judge points: everything that is the same for all of them.
struct FrameJudge {
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

void project(const FrameJudge& judge, std::span<const Eigen::Vector3f> points, Block& block) {
  const std::size_t count = points.size();
  const Eigen::Matrix3f& r = judge.transform.rotation;
  const Eigen::Vector3f& t = judge.transform.translation;
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
  const Pinhole color = judge.color, depth = judge.depth;
  for (std::size_t i = 0; i < count; ++i) {
    block.u[i] = color.fx * block.x[i] + color.cx;
    block.v[i] = color.fy * block.y[i] + color.cy;
    block.depth_u[i] = depth.fx * block.x[i] + depth.cx;
    block.depth_v[i] = depth.fy * block.y[i] + depth.cy;
  }
}

/// The frame's depth where the point falls in the depth image; 0 where it falls beside it or nothing was measured.
float measuredDepth(const FrameJudge& judge, float u, float v) {
  if (judge.image == nullptr || !judge.depth.contains(u, v)) return 0;
  // Both are at least -0.5, so cutting what is half a pixel further to a whole number rounds to the nearest pixel.
  constexpr float kHalf = 0.5F;
  const float right = u + kHalf, below = v + kHalf;
  const int x = std::min(static_cast<int>(right), judge.image->width - 1);
  const int y = std::min(static_cast<int>(below), judge.image->height - 1);
  return judge.image->at(x, y);
}

/// Writes the entries of points first, first + 1, … of the ledger.
void judgeBlock(
    const FrameJudge& judge, const Block& block, std::size_t first, std::size_t count, VisibilityLedger& ledger) {
  for (std::size_t i = 0; i < count; ++i) {
    const float z = block.z[i], u = block.u[i], v = block.v[i];
    Visibility reason = Visibility::Behind;
    float difference_m = kNan;
    const bool is_before = z >= kNearPlane_m && z < kInfinity;
    if (is_before) {
      reason = Visibility::Outside;
      if (judge.color.contains(u, v)) {
        const float measured_m = measuredDepth(judge, block.depth_u[i], block.depth_v[i]);
        reason = Visibility::NoDepth;
        if (measured_m > 0) {
          difference_m = z - measured_m;
          reason = reasonFor(difference_m, z, judge.tolerance);
        }
      }
    }
    ledger.pixel[first + i] = is_before ? Eigen::Vector2f(u, v) : Eigen::Vector2f(kNan, kNan);
    ledger.depth_m[first + i] = z;
    ledger.depth_difference_m[first + i] = difference_m;
    ledger.reason[first + i] = reason;
  }
}

void resize(VisibilityLedger& ledger, std::size_t count) {
  ledger.pixel.resize(count);
  ledger.depth_m.resize(count);
  ledger.depth_difference_m.resize(count);
  ledger.reason.resize(count);
}

void judgeNothing(VisibilityLedger& ledger) {
  std::fill(ledger.pixel.begin(), ledger.pixel.end(), Eigen::Vector2f(kNan, kNan));
  std::fill(ledger.depth_m.begin(), ledger.depth_m.end(), kNan);
  std::fill(ledger.depth_difference_m.begin(), ledger.depth_difference_m.end(), kNan);
  std::fill(ledger.reason.begin(), ledger.reason.end(), Visibility::NoPose);
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
  VisibilityLedger ledger;
  judgeVisibility(points_in_world, frame, tolerance, ledger);
  return ledger;
}

void judgeVisibility(std::span<const Eigen::Vector3f> points_in_world,
                     const FrameView& frame,
                     const DepthTolerance& tolerance,
                     VisibilityLedger& ledger) {
  resize(ledger, points_in_world.size());
  if (!frame.world_from_camera) return judgeNothing(ledger);
  const FrameJudge judge{CameraFromWorld(*frame.world_from_camera),
                         Pinhole(frame.color),
                         Pinhole(frame.depth),
                         frame.depth_image != nullptr && !frame.depth_image->empty() ? frame.depth_image : nullptr,
                         tolerance};
  parallelFor(points_in_world.size(), kPointsPerPiece, [&](std::size_t first, std::size_t last) {
    Block block;
    for (std::size_t i = first; i < last; i += kPointsPerBlock) {
      const std::size_t count = std::min(kPointsPerBlock, last - i);
      project(judge, points_in_world.subspan(i, count), block);
      judgeBlock(judge, block, i, count, ledger);
    }
  });
}

void rejudge(VisibilityLedger& ledger, const DepthTolerance& tolerance) {
  for (std::size_t i = 0; i < ledger.reason.size(); ++i) {
    if (hasDepthReason(ledger.reason[i])) {
      ledger.reason[i] = reasonFor(ledger.depth_difference_m[i], ledger.depth_m[i], tolerance);
    }
  }
}

}  // namespace tagscape
