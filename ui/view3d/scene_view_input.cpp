// What a hand does in the 3D view: SceneView's events, picking and flights.

#include "ui/view3d/scene_view.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>
#include <limits>

namespace tagscape {
namespace {

constexpr float kZoomPerStep = 0.87F;
constexpr double kTremble_px = 3;  // A press that moves less is a click.
constexpr int kFlight_ms = 450;
constexpr double kCameraReach_px = 9;  // How near to a camera's tip a click must come.

bool isFlyKey(int key) {
  return key == Qt::Key_W || key == Qt::Key_A || key == Qt::Key_S || key == Qt::Key_D || key == Qt::Key_Q ||
         key == Qt::Key_E;
}

}  // namespace

QPoint SceneView::devicePixel(QPointF position) const {
  const double ratio = devicePixelRatioF();  // Asked anew each time: the window may have moved to another screen.
  return {static_cast<int>(std::floor(position.x() * ratio)), static_cast<int>(std::floor(position.y() * ratio))};
}

std::optional<std::size_t> SceneView::pointAt(QPointF position) {
  if (!renderer_ || isMoving() || scene_dirty_ || is_refining_ || !document_.scene()) return std::nullopt;
  makeCurrent();
  std::uint32_t id = 0;
  const QPoint pixel = devicePixel(position);
  if (gl::Functions* gl = gl::currentFunctions()) id = renderer_->kept().idAt(*gl, pixel.x(), pixel.y());
  doneCurrent();
  if (id == 0) return std::nullopt;
  if (!showsMesh()) return renderer_->points().order().order.at(id - 1);
  // Of a triangle the corner that is nearest on screen.
  const Eigen::Vector2f place(static_cast<float>(position.x()), static_cast<float>(position.y()));
  std::optional<std::size_t> nearest;
  float least_px = 0;
  for (const std::uint32_t corner : document_.scene()->mesh.triangles.at(id - 1)) {
    const auto at = camera_.project(document_.scene()->points().positions_m[corner], viewSize());
    if (!at || (nearest && (*at - place).norm() >= least_px)) continue;
    nearest = corner;
    least_px = (*at - place).norm();
  }
  return nearest;
}

std::vector<std::uint32_t> SceneView::pointsIn(const QRectF& area) {
  if (!renderer_ || isMoving() || scene_dirty_ || is_refining_ || !document_.scene()) return {};
  makeCurrent();
  std::vector<std::uint32_t> ids;
  const QRect pixels(devicePixel(area.topLeft()), devicePixel(area.bottomRight()));
  if (gl::Functions* gl = gl::currentFunctions()) ids = renderer_->kept().idsIn(*gl, pixels);
  doneCurrent();
  std::vector<std::uint32_t> points;
  for (const std::uint32_t id : ids) {
    if (!showsMesh()) {
      points.push_back(renderer_->points().order().order.at(id - 1));
      continue;
    }
    const Triangle& triangle = document_.scene()->mesh.triangles.at(id - 1);
    points.insert(points.end(), triangle.begin(), triangle.end());
  }
  return points;
}

std::optional<int> SceneView::frameAt(QPointF position) {
  if (!document_.scene() || !settings_.showsFrames() || !renderer_) return std::nullopt;
  const Eigen::Vector2f place(static_cast<float>(position.x()), static_cast<float>(position.y()));
  const Eigen::Vector3f eye = camera_.eyeInWorld();
  const auto point = pointAt(position);
  const float point_m =
      point ? (document_.scene()->points().positions_m[*point] - eye).norm() : std::numeric_limits<float>::max();
  std::optional<int> found;
  auto least_px = static_cast<float>(kCameraReach_px);
  for (int i = 0; i < document_.numFrames(); ++i) {
    const auto& pose = document_.scene()->frames[static_cast<std::size_t>(i)].world_from_camera;
    if (!pose) continue;
    const Eigen::Vector3f tip = pose->translation().cast<float>();
    const auto at = camera_.project(tip, viewSize());
    if (!at || (*at - place).norm() > least_px || (tip - eye).norm() > point_m) continue;
    least_px = (*at - place).norm();
    found = i;
  }
  return found;
}

void SceneView::hover() {
  if (drag_ != Drag::None) return;
  look_again_ = isMoving() || !isComplete();
  if (isMoving()) return;
  const auto point = rect().contains(last_mouse_.toPoint()) ? pointAt(last_mouse_) : std::nullopt;
  if (point == hovered_point_) return;
  hovered_point_ = point;
  Q_EMIT pointHovered(point ? static_cast<qint64>(*point) : -1, last_mouse_);
  overlay_repaints_ = 2;
  update();
}

void SceneView::click(QPointF position) {
  if (const auto frame = frameAt(position)) flyToFrame(*frame);
}

std::optional<Eigen::Vector3f> SceneView::surfaceAt(QPointF position) {
  const auto point = pointAt(position);
  if (!point) return std::nullopt;
  return showsMesh() ? pointUnder(position) : document_.scene()->points().positions_m[*point];
}

void SceneView::setStandardView(StandardView view) {
  if (!document_.scene()) return;
  OrbitCamera camera = camera_;
  camera.setStandardView(view, *document_.scene());
  startFlight(camera);
}

void SceneView::flyToFrame(int frame_index) {
  if (frame_index < 0 || frame_index >= document_.numFrames()) return;
  document_.setFrameIndex(frame_index);
  const Scene& scene = *document_.scene();
  const auto& pose = scene.frames[static_cast<std::size_t>(frame_index)].world_from_camera;
  if (!pose) return;
  OrbitCamera camera = camera_;
  camera.lookThrough(*pose, scene.color_intrinsics, viewSize());
  startFlight(camera);
}

void SceneView::cutAtTarget() {
  const Eigen::Vector3f forward = (camera_.targetInWorld() - camera_.eyeInWorld()).normalized();
  settings_.setClipPlane(Eigen::Vector4f(forward.x(), forward.y(), forward.z(), -forward.dot(camera_.targetInWorld())));
}

void SceneView::startFlight(const OrbitCamera& to) {
  if (!is_animated_) return setCamera(to);
  flight_from_ = camera_;
  flight_to_ = to;
  flight_clock_.start();
  flight_timer_.start();
  flightStep();
}

void SceneView::flightStep() {
  const float part = std::min(1.F, static_cast<float>(flight_clock_.elapsed()) / kFlight_ms);
  const float eased = part * part * (3 - 2 * part);
  camera_ = part < 1 ? OrbitCamera::between(flight_from_, flight_to_, eased) : flight_to_;
  if (part >= 1) flight_timer_.stop();
  moved();
}

void SceneView::flyStep() {
  const float passed_s = static_cast<float>(fly_clock_.restart()) / 1000;
  const auto held = [this](int key) { return fly_keys_.contains(key) ? 1.F : 0.F; };
  const Eigen::Vector3f direction(
      held(Qt::Key_D) - held(Qt::Key_A), held(Qt::Key_E) - held(Qt::Key_Q), held(Qt::Key_W) - held(Qt::Key_S));
  if (direction.isZero()) return;
  const float faster = QGuiApplication::keyboardModifiers().testFlag(Qt::ShiftModifier) ? 3.F : 1.F;
  camera_.fly(direction * (fly_speed_ * faster * std::min(passed_s, 0.1F)));
  moved();
}

void SceneView::stopFlying() {
  fly_keys_.clear();
  fly_timer_.stop();
}

Eigen::Vector3f SceneView::zoomAnchor(QPointF position) {
  constexpr double kSamePlace_px = 4;
  const bool is_same_place = (position - zoom_place_).manhattanLength() < kSamePlace_px;
  zoom_place_ = position;
  // The kept picture's depth is of the last rest; during a motion the point found then still counts.
  if (isMoving() && is_same_place) return zoom_anchor_;
  zoom_anchor_ =
      isMoving() ? camera_.unproject(static_cast<float>(position.x()), static_cast<float>(position.y()), 1, viewSize())
                 : pointUnder(position);
  return zoom_anchor_;
}

Eigen::Vector3f SceneView::pointUnder(QPointF position) {
  float depth = 1;
  makeCurrent();
  const QPoint pixel = devicePixel(position);
  if (gl::Functions* gl = gl::currentFunctions(); gl && renderer_)
    depth = renderer_->kept().depthAt(*gl, pixel.x(), pixel.y());
  doneCurrent();
  return camera_.unproject(static_cast<float>(position.x()), static_cast<float>(position.y()), depth, viewSize());
}

void SceneView::mousePressEvent(QMouseEvent* event) {
  last_mouse_ = press_place_ = event->position();
  has_dragged_ = false;
  if (event->button() == Qt::LeftButton && overlay_.mousePress(event->position())) {
    overlay_repaints_ = 2;
    update();
    return;
  }
  const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
  if (event->button() == Qt::LeftButton) drag_ = shift ? Drag::Pan : Drag::Orbit;
  if (event->button() == Qt::MiddleButton) drag_ = Drag::Pan;
  if (event->button() == Qt::RightButton) {
    drag_ = Drag::Fly;
    setFocus(Qt::MouseFocusReason);  // For the keys.
    fly_clock_.start();
    fly_timer_.start();
  }
}

void SceneView::mouseMoveEvent(QMouseEvent* event) {
  if (drag_ == Drag::None) {
    last_mouse_ = event->position();
    if (overlay_.mouseMove(event->position())) {
      overlay_repaints_ = 1;
      update();
    } else {
      hover_timer_.start();
    }
    return;
  }
  if (!has_dragged_ && (event->position() - press_place_).manhattanLength() <= kTremble_px) return;
  has_dragged_ = true;
  const QPointF step = event->position() - last_mouse_;
  last_mouse_ = event->position();
  flight_timer_.stop();
  const auto dx = static_cast<float>(step.x()), dy = static_cast<float>(step.y());
  if (drag_ == Drag::Orbit) camera_.orbit(dx, dy);
  if (drag_ == Drag::Pan) camera_.pan(dx, dy, viewSize());
  if (drag_ == Drag::Fly) camera_.lookAround(dx, dy);
  moved();
}

void SceneView::mouseReleaseEvent(QMouseEvent* event) {
  const Drag dragged = std::exchange(drag_, Drag::None);
  if (dragged == Drag::Fly) stopFlying();
  if (event->button() == Qt::LeftButton && overlay_.mouseRelease(event->position())) {
    overlay_repaints_ = 2;
    update();
    return;
  }
  if (dragged == Drag::Orbit && !has_dragged_) click(event->position());
}

void SceneView::wheelEvent(QWheelEvent* event) {
  const float steps = static_cast<float>(event->angleDelta().y()) / 120;
  event->accept();
  if (overlay_.mouseWheel(event->position(), steps)) return update();
  if (steps == 0) return;
  if (drag_ == Drag::Fly) {
    fly_speed_ = std::clamp(fly_speed_ * std::pow(1.25F, steps), 0.05F, 100.F);
    return;
  }
  flight_timer_.stop();
  camera_.zoomAbout(zoomAnchor(event->position()), std::pow(kZoomPerStep, steps));
  moved();
}

bool SceneView::event(QEvent* event) {
  // While flying, the keys are ours and no shortcut's.
  if (event->type() == QEvent::ShortcutOverride && drag_ == Drag::Fly &&
      isFlyKey(static_cast<QKeyEvent*>(event)->key())) {
    event->accept();
    return true;
  }
  return QOpenGLWidget::event(event);
}

void SceneView::keyPressEvent(QKeyEvent* event) {
  if (drag_ != Drag::Fly || !isFlyKey(event->key())) return QOpenGLWidget::keyPressEvent(event);
  if (!event->isAutoRepeat()) fly_keys_.insert(event->key());
}

void SceneView::keyReleaseEvent(QKeyEvent* event) {
  if (!isFlyKey(event->key())) return QOpenGLWidget::keyReleaseEvent(event);
  if (!event->isAutoRepeat()) fly_keys_.erase(event->key());
}

void SceneView::leaveEvent(QEvent* event) {
  overlay_.mouseLeave();
  if (hovered_point_) {
    hovered_point_.reset();
    Q_EMIT pointHovered(-1, last_mouse_);
  }
  overlay_repaints_ = 2;
  update();
  QOpenGLWidget::leaveEvent(event);
}

void SceneView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) redrawScene();
  QOpenGLWidget::changeEvent(event);
}

}  // namespace tagscape
