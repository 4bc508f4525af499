#include "ui/view3d/scene_picker.h"

#include "ui/view3d/current_context.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

constexpr float kCameraReach_px = 9;  // Maximum distance of a click from a camera's tip.

Eigen::Vector2f toVector(QPointF place) { return {static_cast<float>(place.x()), static_cast<float>(place.y())}; }

}  // namespace

ScenePicker::ScenePicker(QOpenGLWidget& widget,
                         const ViewContent& content,
                         const ViewRenderer& renderer,
                         const CameraController& camera)
    : widget_(widget), content_(content), renderer_(renderer), camera_(camera) {}

bool ScenePicker::canPick() const { return renderer_.hasPicture() && !camera_.isMoving() && content_.document.scene(); }

OrbitCamera::ViewSize ScenePicker::viewSize() const {
  return {std::max(1, widget_.width()), std::max(1, widget_.height())};
}

QPoint ScenePicker::devicePixel(QPointF position) const {
  const double ratio = widget_.devicePixelRatioF();  // Not cached: the window may have moved to another screen.
  return {static_cast<int>(std::floor(position.x() * ratio)), static_cast<int>(std::floor(position.y() * ratio))};
}

std::optional<std::size_t> ScenePicker::pointAt(QPointF position) const {
  if (!canPick()) return std::nullopt;
  std::uint32_t id = 0;
  {
    const CurrentContext current(widget_);
    const QPoint pixel = devicePixel(position);
    if (gl::Functions* gl = gl::currentFunctions()) id = renderer_.scene()->kept().idAt(*gl, pixel.x(), pixel.y());
  }
  if (id == 0) return std::nullopt;
  if (!showsMesh(content_.document)) return renderer_.scene()->points().order().order.at(id - 1);
  std::optional<std::size_t> nearest;
  float nearest_px = 0;
  for (const std::uint32_t corner : scene().mesh.triangles.at(id - 1)) {
    const auto at = camera_.camera().project(scene().points().positions_m[corner], viewSize());
    if (!at || (nearest && (*at - toVector(position)).norm() >= nearest_px)) continue;
    nearest = corner;
    nearest_px = (*at - toVector(position)).norm();
  }
  return nearest;
}

std::vector<std::uint32_t> ScenePicker::pointsIn(const QRectF& area) const {
  if (!canPick()) return {};
  std::vector<std::uint32_t> ids;
  {
    const CurrentContext current(widget_);
    const QRect pixels(devicePixel(area.topLeft()), devicePixel(area.bottomRight()));
    if (gl::Functions* gl = gl::currentFunctions()) ids = renderer_.scene()->kept().idsIn(*gl, pixels);
  }
  std::vector<std::uint32_t> points;
  const bool is_mesh = showsMesh(content_.document);
  for (const std::uint32_t id : ids) {
    if (!is_mesh) {
      points.push_back(renderer_.scene()->points().order().order.at(id - 1));
      continue;
    }
    const Triangle& triangle = scene().mesh.triangles.at(id - 1);
    points.insert(points.end(), triangle.begin(), triangle.end());
  }
  return points;
}

std::vector<std::uint32_t> ScenePicker::pointsIn(const QPolygonF& outline) const {
  const QRectF bounds = outline.boundingRect();
  std::vector<std::uint32_t> points = pointsIn(bounds);
  if (outline == QPolygonF(bounds)) return points;
  std::erase_if(points, [&](std::uint32_t point) {
    const auto at = camera_.camera().project(scene().points().positions_m[point], viewSize());
    const auto place = [&] { return QPointF(static_cast<double>(at->x()), static_cast<double>(at->y())); };
    return !at || !outline.containsPoint(place(), Qt::OddEvenFill);
  });
  return points;
}

std::optional<int> ScenePicker::frameAt(QPointF position) const {
  const Document& document = content_.document;
  if (!document.scene() || !content_.settings.showsFrames() || !renderer_.scene()) return std::nullopt;
  const Eigen::Vector3f eye = camera_.camera().eyeInWorld();
  const auto point = pointAt(position);
  const float point_m = point ? (scene().points().positions_m[*point] - eye).norm() : std::numeric_limits<float>::max();
  std::optional<int> found;
  float nearest_px = kCameraReach_px;
  for (int i = 0; i < document.numFrames(); ++i) {
    const auto& pose = scene().frames[static_cast<std::size_t>(i)].world_from_camera;
    if (!pose) continue;
    const Eigen::Vector3f tip = pose->translation().cast<float>();
    const auto at = camera_.camera().project(tip, viewSize());
    if (!at || (*at - toVector(position)).norm() > nearest_px || (tip - eye).norm() > point_m) continue;
    nearest_px = (*at - toVector(position)).norm();
    found = i;
  }
  return found;
}

std::optional<Eigen::Vector3f> ScenePicker::surfaceAt(QPointF position) const {
  const auto point = pointAt(position);
  if (!point) return std::nullopt;
  return showsMesh(content_.document) ? drawnAt(position) : scene().points().positions_m[*point];
}

Eigen::Vector3f ScenePicker::drawnAt(QPointF position) const {
  float depth = 1;
  {
    const CurrentContext current(widget_);
    const QPoint pixel = devicePixel(position);
    if (gl::Functions* gl = gl::currentFunctions(); gl && renderer_.scene())
      depth = renderer_.scene()->kept().depthAt(*gl, pixel.x(), pixel.y());
  }
  return camera_.camera().unproject(
      static_cast<float>(position.x()), static_cast<float>(position.y()), depth, viewSize());
}

}  // namespace tagscape
