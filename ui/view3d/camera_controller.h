#pragma once

#include "ui/render/orbit_camera.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointF>
#include <QTimer>

#include <functional>
#include <set>

class QKeyEvent;
class QMouseEvent;

namespace tagscape {

/// Moves the camera of the 3D view by mouse and keys (orbit, pan, zoom to the cursor, fly), and in animations from one
/// view to another. A motion ends once the camera has rested for 0.2 s.
class CameraController : public QObject {
  Q_OBJECT

 public:
  /// @param view_size  of the view, logical pixels.
  /// @param drawn_at   gives the world point, m, at a position in the view's last picture at rest.
  CameraController(std::function<OrbitCamera::ViewSize()> view_size,
                   std::function<Eigen::Vector3f(QPointF)> drawn_at,
                   QObject* parent = nullptr);

  [[nodiscard]] const OrbitCamera& camera() const { return camera_; }
  [[nodiscard]] bool isMoving() const { return rest_timer_.isActive() || flight_timer_.isActive(); }
  [[nodiscard]] bool isDragging() const { return drag_ != Drag::None; }

  void setCamera(const OrbitCamera& camera);  ///< As if the user had moved it.
  void orbitBy(float dx_px, float dy_px);
  /// Fits the scene, without animation; null: resets to the camera of an empty view.
  void reset(const Scene* scene);
  /// Moves to a view, animated over 0.45 s or at once.
  void flyTo(const OrbitCamera& camera);
  void setAnimated(bool is_animated) { is_animated_ = is_animated; }
  /// Whether the right button turns the camera as the left one does, instead of flying: while a tool has the left one.
  void setRightOrbits(bool right_orbits) { right_orbits_ = right_orbits; }
  /// Counts as a motion for 0.2 s, so that another change is drawn immediately.
  void keepMoving() { rest_timer_.start(); }
  /// Ends a motion that is no flight now rather than in a moment.
  void rest() { rest_timer_.stop(); }

  void press(const QMouseEvent& event);
  /// A mouse move while isDragging().
  void drag(const QMouseEvent& event);
  /// @return whether press and release were a click of the left button.
  bool release(const QMouseEvent& event);
  /// @param steps  of the wheel, away from the user.
  void wheel(QPointF position, float steps);
  /// While the right button is held, the keys for flying are not shortcuts.
  [[nodiscard]] bool wants(const QKeyEvent& event) const;
  bool keyPress(const QKeyEvent& event);    ///< @return whether it consumed the key.
  bool keyRelease(const QKeyEvent& event);  ///< @return whether it consumed the key.

 Q_SIGNALS:
  void changed();
  void rested();

 private:
  enum class Drag { None, Orbit, Pan, Fly };

  void moved();
  void flightStep();
  void flyStep();
  [[nodiscard]] Eigen::Vector3f zoomAnchor(QPointF position);

  std::function<OrbitCamera::ViewSize()> view_size_;
  std::function<Eigen::Vector3f(QPointF)> drawn_at_;
  OrbitCamera camera_;
  QTimer rest_timer_;  // Runs out when the camera has come to rest.
  Drag drag_ = Drag::None;
  bool has_dragged_ = false;  // Since the button went down: farther than a click may.
  QPointF press_place_;
  QPointF last_mouse_;
  QPointF zoom_place_;  // Where the wheel turned last, and the world point that was there.
  Eigen::Vector3f zoom_anchor_ = Eigen::Vector3f::Zero();
  std::set<int> fly_keys_;
  QTimer fly_timer_;
  QElapsedTimer fly_clock_;
  float fly_speed_ = 1.5F;  // m/s
  bool is_animated_ = true;
  bool right_orbits_ = false;
  QTimer flight_timer_;
  QElapsedTimer flight_clock_;
  OrbitCamera flight_from_, flight_to_;
};

}  // namespace tagscape
