#include "ui/view3d/camera_controller.h"

#include "ui/tools/tool.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tagscape {
namespace {

constexpr int kRest_ms = 200;
constexpr int kFlight_ms = 450;
constexpr int kStep_ms = 16;
constexpr float kZoomPerStep = 0.87F;

bool isFlyKey(int key) {
  return key == Qt::Key_W || key == Qt::Key_A || key == Qt::Key_S || key == Qt::Key_D || key == Qt::Key_Q ||
         key == Qt::Key_E;
}

}  // namespace

CameraController::CameraController(std::function<OrbitCamera::ViewSize()> view_size,
                                   std::function<Eigen::Vector3f(QPointF)> drawn_at,
                                   QObject* parent)
    : QObject(parent), view_size_(std::move(view_size)), drawn_at_(std::move(drawn_at)) {
  rest_timer_.setSingleShot(true);
  rest_timer_.setInterval(kRest_ms);
  fly_timer_.setInterval(kStep_ms);
  flight_timer_.setInterval(kStep_ms);
  connect(&rest_timer_, &QTimer::timeout, this, &CameraController::rested);
  connect(&fly_timer_, &QTimer::timeout, this, &CameraController::flyStep);
  connect(&flight_timer_, &QTimer::timeout, this, &CameraController::flightStep);
}

void CameraController::moved() {
  rest_timer_.start();
  Q_EMIT changed();
}

void CameraController::setCamera(const OrbitCamera& camera) {
  camera_ = camera;
  moved();
}

void CameraController::orbitBy(float dx_px, float dy_px) {
  camera_.orbit(dx_px, dy_px);
  moved();
}

void CameraController::reset(const Scene* scene) {
  flight_timer_.stop();
  camera_ = OrbitCamera();
  if (scene) camera_.frameScene(*scene);
  Q_EMIT changed();
}

void CameraController::flyTo(const OrbitCamera& camera) {
  if (!is_animated_) return setCamera(camera);
  flight_from_ = camera_;
  flight_to_ = camera;
  flight_clock_.start();
  flight_timer_.start();
  flightStep();
}

void CameraController::flightStep() {
  const float part = std::min(1.F, static_cast<float>(flight_clock_.elapsed()) / kFlight_ms);
  const float eased = part * part * (3 - 2 * part);
  camera_ = part < 1 ? OrbitCamera::between(flight_from_, flight_to_, eased) : flight_to_;
  if (part >= 1) flight_timer_.stop();
  moved();
}

void CameraController::flyStep() {
  const float passed_s = static_cast<float>(fly_clock_.restart()) / 1000;
  const auto held = [this](int key) { return fly_keys_.contains(key) ? 1.F : 0.F; };
  const Eigen::Vector3f direction(
      held(Qt::Key_D) - held(Qt::Key_A), held(Qt::Key_E) - held(Qt::Key_Q), held(Qt::Key_W) - held(Qt::Key_S));
  if (direction.isZero()) return;
  const float faster = QGuiApplication::keyboardModifiers().testFlag(Qt::ShiftModifier) ? 3.F : 1.F;
  camera_.fly(direction * (fly_speed_ * faster * std::min(passed_s, 0.1F)));
  moved();
}

Eigen::Vector3f CameraController::zoomAnchor(QPointF position) {
  constexpr double kSamePlace_px = 4;
  const bool is_same_place = (position - zoom_place_).manhattanLength() < kSamePlace_px;
  zoom_place_ = position;
  // The kept depth is from the last rest, so in motion the last point found is used.
  if (isMoving() && is_same_place) return zoom_anchor_;
  zoom_anchor_ = isMoving() ? camera_.unproject(
                                  static_cast<float>(position.x()), static_cast<float>(position.y()), 1, view_size_())
                            : drawn_at_(position);
  return zoom_anchor_;
}

void CameraController::press(const QMouseEvent& event) {
  last_mouse_ = press_place_ = event.position();
  has_dragged_ = false;
  const bool shift = event.modifiers().testFlag(Qt::ShiftModifier);
  if (event.button() == Qt::LeftButton) drag_ = shift ? Drag::Pan : Drag::Orbit;
  if (event.button() == Qt::MiddleButton) drag_ = Drag::Pan;
  if (event.button() != Qt::RightButton) return;
  if (right_orbits_) {
    drag_ = Drag::Orbit;
    return;
  }
  drag_ = Drag::Fly;
  fly_clock_.start();
  fly_timer_.start();
}

void CameraController::drag(const QMouseEvent& event) {
  if (!has_dragged_ && (event.position() - press_place_).manhattanLength() <= kClick_px) return;
  has_dragged_ = true;
  const QPointF step = event.position() - last_mouse_;
  last_mouse_ = event.position();
  flight_timer_.stop();
  const auto dx = static_cast<float>(step.x()), dy = static_cast<float>(step.y());
  if (drag_ == Drag::Orbit) camera_.orbit(dx, dy);
  if (drag_ == Drag::Pan) camera_.pan(dx, dy, view_size_());
  if (drag_ == Drag::Fly) camera_.lookAround(dx, dy);
  moved();
}

bool CameraController::release(const QMouseEvent&) {
  const Drag dragged = std::exchange(drag_, Drag::None);
  if (dragged == Drag::Fly) {
    fly_keys_.clear();
    fly_timer_.stop();
  }
  return dragged == Drag::Orbit && !has_dragged_;
}

void CameraController::wheel(QPointF position, float steps) {
  if (steps == 0) return;
  if (drag_ == Drag::Fly) {
    fly_speed_ = std::clamp(fly_speed_ * std::pow(1.25F, steps), 0.05F, 100.F);
    return;
  }
  flight_timer_.stop();
  camera_.zoomAbout(zoomAnchor(position), std::pow(kZoomPerStep, steps));
  moved();
}

bool CameraController::wants(const QKeyEvent& event) const { return drag_ == Drag::Fly && isFlyKey(event.key()); }

bool CameraController::keyPress(const QKeyEvent& event) {
  if (!wants(event)) return false;
  if (!event.isAutoRepeat()) fly_keys_.insert(event.key());
  return true;
}

bool CameraController::keyRelease(const QKeyEvent& event) {
  if (!isFlyKey(event.key())) return false;
  if (!event.isAutoRepeat()) fly_keys_.erase(event.key());
  return true;
}

}  // namespace tagscape
