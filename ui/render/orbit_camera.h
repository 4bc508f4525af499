#pragma once

#include "core/base/result.h"
#include "core/scene/scene.h"

#include <Eigen/Geometry>

#include <optional>
#include <string>
#include <string_view>

namespace tagscape {

enum class StandardView : std::uint8_t { Top, Front, Side, Isometric };
inline constexpr int kNumStandardViews = 4;
/// "top", "front", "side", "iso".
[[nodiscard]] const char* nameOf(StandardView view);

/// A turntable camera: a target, a distance and two angles, with world z up. Only a view through a frame's camera has
/// that camera's roll, until the next rotation. Pixels are logical, from the top left of the view.
class OrbitCamera {
 public:
  struct ViewSize {
    int width_px = 1, height_px = 1;
  };

  /// Rotates about the target so that the scene follows a drag; the elevation stops short of the poles.
  void orbit(float dx_px, float dy_px);
  /// Translates so that a point at the target's distance stays under the cursor.
  void pan(float dx_px, float dy_px, ViewSize view);
  /// Scales the distance by `factor` about a world point, which stays at its pixel.
  void zoomAbout(const Eigen::Vector3f& anchor_in_world, float factor);
  /// Rotates about the eye.
  void lookAround(float dx_px, float dy_px);
  /// Moves eye and target to the right, up (world z) and forward, m.
  void fly(const Eigen::Vector3f& step_m);
  /// Fits all points, seen from the mean viewing direction of the frames and slightly from above.
  void frameScene(const Scene& scene);
  /// Fits all points, seen along a world axis (front: along +y, side: along -x) or diagonally.
  void setStandardView(StandardView view, const Scene& scene);
  /// Turns about this point from now on, and comes near to it from the present side.
  void lookAt(const Eigen::Vector3f& place_m);
  /// The view from a frame's camera, with its whole image in view.
  void lookThrough(const Pose& world_from_camera, const Intrinsics& camera, ViewSize view);
  /// Interpolates between two views by the shorter rotation; `part` 0 … 1.
  [[nodiscard]] static OrbitCamera between(const OrbitCamera& from, const OrbitCamera& to, float part);

  /// The view as a line of text that users can store, send and edit:
  /// "tagscape-view target 0.5 1 1.2 distance 3.5 azimuth -57.3 elevation 30 roll 0 fov 50", metres and degrees.
  [[nodiscard]] std::string toText() const;
  /// Errors: InvalidInput naming the missing or malformed part; the view is then unchanged.
  [[nodiscard]] Status setFromText(std::string_view text);

  [[nodiscard]] Eigen::Matrix4f clipFromWorld(ViewSize view) const;
  [[nodiscard]] Eigen::Vector3f eyeInWorld() const;
  /// Focal length: pixels per metre at a distance of 1 m.
  [[nodiscard]] float focalLength_px(ViewSize view) const;
  /// The pixel of a point; nothing if it is behind the eye.
  [[nodiscard]] std::optional<Eigen::Vector2f> project(const Eigen::Vector3f& point_in_world, ViewSize view) const;
  /// The world point at a pixel with this depth buffer value; at depth 1, where nothing is drawn, the point at the
  /// target's distance.
  [[nodiscard]] Eigen::Vector3f unproject(float x_px, float y_px, float buffer_depth, ViewSize view) const;

  [[nodiscard]] const Eigen::Vector3f& targetInWorld() const { return target_in_world_; }
  [[nodiscard]] float distance_m() const { return distance_m_; }
  [[nodiscard]] float near_m() const;  ///< Clipping planes of clipFromWorld.
  [[nodiscard]] float far_m() const;
  [[nodiscard]] float azimuth_rad() const { return azimuth_rad_; }
  void setAzimuth_rad(float azimuth_rad) { azimuth_rad_ = azimuth_rad; }

 private:
  [[nodiscard]] Eigen::Vector3f backward() const;  ///< Unit vector from the target to the eye.
  [[nodiscard]] Eigen::Vector3f level() const;     ///< Unit vector to the right, without roll.
  [[nodiscard]] Eigen::Vector3f right() const;
  void fit(const Eigen::AlignedBox3f& bounds);
  [[nodiscard]] Eigen::Matrix4f viewFromWorld() const;
  /// The distance at which the box fits into a square view from the current direction.
  [[nodiscard]] float fittingDistance(const Eigen::AlignedBox3f& bounds) const;

  Eigen::Vector3f target_in_world_ = Eigen::Vector3f::Zero();
  float distance_m_ = 5;
  float azimuth_rad_ = -1.0F;
  float elevation_rad_ = 0.5F;
  float roll_rad_ = 0;
  float field_of_view_rad_ = 0.87F;  ///< Vertical; 50 degrees.
  float scene_radius_m_ = 5;
};

}  // namespace tagscape
