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

/// A turntable: looks at a target from a distance and two angles, world z upright; only a view through a frame's camera
/// keeps that camera's roll, until the next turn. Pixels are logical ones, counted from the top left of the view.
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
  /// Turns around the eye, as a head does.
  void lookAround(float dx_px, float dy_px);
  /// Moves eye and target by so much to the right, up (of the world) and forward of the view, m.
  void fly(const Eigen::Vector3f& step_m);
  /// Sees all points from the mean viewing side of the frames, somewhat from above.
  void frameScene(const Scene& scene);
  /// Sees all points along an axis of the world (front: along +y, side: along -x) or from the corner between them.
  void setStandardView(StandardView view, const Scene& scene);
  /// From where a frame was taken, with all of its image in the view.
  void lookThrough(const Pose& world_from_camera, const Intrinsics& camera, ViewSize view);
  /// The view on the way from one to another, by the shorter turn; `part` 0 … 1.
  [[nodiscard]] static OrbitCamera between(const OrbitCamera& from, const OrbitCamera& to, float part);

  /// The view as one line of text that the user can keep, send and edit:
  /// "tagscape-view target 0.5 1 1.2 distance 3.5 azimuth -57.3 elevation 30 roll 0 fov 50", metres and degrees.
  [[nodiscard]] std::string toText() const;
  /// Errors: InvalidInput naming what is missing or no number; the view is then unchanged.
  [[nodiscard]] Status setFromText(std::string_view text);

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
  [[nodiscard]] float near_m() const;  ///< Planes of clipFromWorld.
  [[nodiscard]] float far_m() const;
  [[nodiscard]] float azimuth_rad() const { return azimuth_rad_; }
  void setAzimuth_rad(float azimuth_rad) { azimuth_rad_ = azimuth_rad; }

 private:
  [[nodiscard]] Eigen::Vector3f backward() const;  ///< Unit vector from the target to the eye.
  [[nodiscard]] Eigen::Vector3f level() const;     ///< Unit vector to the right, without roll.
  [[nodiscard]] Eigen::Vector3f right() const;
  void fit(const Eigen::AlignedBox3f& bounds);
  [[nodiscard]] Eigen::Matrix4f viewFromWorld() const;
  /// From where the whole box is in a square view, looking at its middle from the present side.
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
