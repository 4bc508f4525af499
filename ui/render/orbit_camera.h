#pragma once

#include "core/scene/scene.h"

#include <Eigen/Geometry>

#include <optional>

namespace tagscape {

/// A turntable: looks at a target from a distance and two angles, world z always upright. Pixels are logical ones,
/// counted from the top left of the view.
class OrbitCamera {
 public:
  struct ViewSize {
    int width_px = 1, height_px = 1;
  };

  /// Turns so that the scene follows a drag by this many pixels; the elevation stops short of the poles.
  void orbit(float dx_px, float dy_px);
  /// Moves target and eye so that what lies at the target's distance stays under the cursor.
  void pan(float dx_px, float dy_px, ViewSize view);
  /// Scales the distance by `factor` around a world point, which keeps its place in the picture.
  void zoomAbout(const Eigen::Vector3f& anchor_in_world, float factor);
  /// Sees all points from the mean viewing side of the frames, somewhat from above.
  void frameScene(const Scene& scene);

  [[nodiscard]] Eigen::Matrix4f clipFromWorld(ViewSize view) const;
  [[nodiscard]] Eigen::Vector3f eyeInWorld() const;
  /// Pixels that one metre covers at one metre distance.
  [[nodiscard]] float focalLength_px(ViewSize view) const;
  /// Where in the picture a point is drawn; nothing if it is behind the eye.
  [[nodiscard]] std::optional<Eigen::Vector2f> project(const Eigen::Vector3f& point_in_world, ViewSize view) const;
  /// The world point drawn at a pixel with this value of the depth buffer; with depth 1 (nothing drawn there) the point
  /// at the target's distance.
  [[nodiscard]] Eigen::Vector3f unproject(float x_px, float y_px, float buffer_depth, ViewSize view) const;

  [[nodiscard]] const Eigen::Vector3f& targetInWorld() const { return target_in_world_; }
  [[nodiscard]] float distance_m() const { return distance_m_; }

 private:
  [[nodiscard]] Eigen::Vector3f backward() const;  ///< Unit vector from the target to the eye.
  [[nodiscard]] Eigen::Vector3f right() const;
  [[nodiscard]] Eigen::Matrix4f viewFromWorld() const;
  /// From where the whole box is in a square view, looking at its middle from the present side.
  [[nodiscard]] float fittingDistance(const Eigen::AlignedBox3f& bounds) const;

  Eigen::Vector3f target_in_world_ = Eigen::Vector3f::Zero();
  float distance_m_ = 5;
  float azimuth_rad_ = -1.0F;
  float elevation_rad_ = 0.5F;
  float scene_radius_m_ = 5;
};

}  // namespace tagscape
