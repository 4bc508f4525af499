#pragma once

#include "core/geometry/visibility.h"

#include <Eigen/Core>

#include <memory>
#include <optional>
#include <span>

namespace tagscape {

/// The visibility of one point in one frame.
struct PointVisibility {
  Visibility reason = Visibility::NoPose;
  Eigen::Vector2f pixel = Eigen::Vector2f::Zero();  ///< Colour pixel; NaN where Behind or NoPose.
  float depth_m = 0;                                ///< Along the viewing axis; NaN where NoPose.
  float depth_difference_m = 0;                     ///< Point's depth minus the frame's; NaN where it has none.
};

/// A frame prepared for queries point by point, in both directions, as the pointer moves over its image or the scan.
/// Asking takes microseconds. Immutable; safe to ask from several threads at once.
class FrameProbe {
 public:
  /// @param view    its depth image is not used: `depth_image` is.
  /// @param depth_image  what decides; may be empty, then no point is judged and no pixel has a place.
  FrameProbe(const FrameView& view, DepthImage depth_image) : view_(view), depth_image_(std::move(depth_image)) {
    view_.depth_image = nullptr;
  }

  /// As computeVisibility gives for this point.
  [[nodiscard]] PointVisibility visibilityOf(const Eigen::Vector3f& point_in_world,
                                             const DepthTolerance& tolerance) const;

  /// The place of the surface under a pixel of the colour image, m, world frame: on the ray through that pixel, at the
  /// frame's depth there. Nothing where the frame has no depth or no pose, or beside the image.
  /// @param u,v  colour pixel; centres are at integers.
  [[nodiscard]] std::optional<Eigen::Vector3f> surfaceAt(float u, float v) const;

  /// Metres along the viewing axis at a colour pixel, looked up as visibilityOf() does; 0 where there is none.
  [[nodiscard]] float depthAt(float u, float v) const;

 private:
  FrameView view_;
  DepthImage depth_image_;
};

}  // namespace tagscape
