#pragma once

#include "core/base/result.h"
#include "core/scene/camera.h"
#include "core/scene/image.h"

#include <Eigen/Core>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tagscape {

/// Why a frame does or does not see a point.
enum class Visibility : std::uint8_t {
  Visible,   ///< Its depth agrees with the frame's depth there.
  Outside,   ///< It projects beside the image.
  Behind,    ///< It lies behind the camera, or nearer than kNearPlane_m.
  Occluded,  ///< Something nearer covers it: its depth is larger than the frame's by more than the tolerance.
  InFront,   ///< The frame looks through it: its depth is smaller than the frame's by more than the tolerance.
  NoDepth,   ///< The frame has no depth at its pixel.
  NoPose,    ///< The frame's pose is unknown.
};
inline constexpr int kNumVisibilities = 7;
inline constexpr float kNearPlane_m = 0.05F;

[[nodiscard]] const char* nameOf(Visibility visibility);

/// How far a point's depth may differ from the frame's: max(absolute_m, relative * depth).
struct DepthTolerance {
  float absolute_m = 0.05F;
  float relative = 0.02F;

  [[nodiscard]] float at(float depth_m) const {
    const float scaled = relative * depth_m;
    return scaled > absolute_m ? scaled : absolute_m;
  }
};

/// The camera of one frame: where it was and what it measured.
struct FrameView {
  std::optional<Pose> world_from_camera;
  Intrinsics color;
  Intrinsics depth;
  const DepthImage* depth_image = nullptr;  ///< May be null: then every point in view is NoDepth.
};

/// The visibility of every point in one frame; arrays in the order of the points.
struct VisibilityResult {
  std::vector<Eigen::Vector2f> pixel;     ///< Colour pixel (u, v); NaN where Behind or NoPose.
  std::vector<float> depth_m;             ///< Along the viewing axis; NaN where NoPose.
  std::vector<float> depth_difference_m;  ///< Point's depth minus the frame's; NaN where the frame has none.
  std::vector<Visibility> reason;

  [[nodiscard]] std::size_t count(Visibility which) const;
};

/// Projects points into a frame and compares their depth with the frame's own.
///
/// The pixel is in the colour image; the depth is looked up at the nearest pixel of the depth image with the depth
/// intrinsics. Both cameras share the pose. A point is in view when its pixel rounds to one of the colour image.
///
/// @param points_in_world  N points, m, world frame. Not-finite points are Behind.
/// Cost: O(N), threads over pieces of the points. Safe to call from any thread.
/// Source: Dai & Niessner, 3DMV, ECCV 2018: project, then test |Z - D|; here against max(.05 m, .02 Z).
[[nodiscard]] VisibilityResult computeVisibility(std::span<const Eigen::Vector3f> points_in_world,
                                                 const FrameView& frame,
                                                 const DepthTolerance& tolerance = {});
/// The same into a result that is reused, so that its memory is allocated once for many frames of a cloud.
void computeVisibility(std::span<const Eigen::Vector3f> points_in_world,
                       const FrameView& frame,
                       const DepthTolerance& tolerance,
                       VisibilityResult& visibility);

/// Updates the reasons for another tolerance, from the depth differences already computed.
void applyTolerance(VisibilityResult& visibility, const DepthTolerance& tolerance);

}  // namespace tagscape
