#include "ui/view3d/scene_picker.h"

#include "ui/tools/outline_test.h"
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

bool ScenePicker::Geometry::operator==(const Geometry& other) const {
  const auto same_box = [](const auto& a, const auto& b) {
    return a.has_value() == b.has_value() && (!a || (a->min() == b->min() && a->max() == b->max()));
  };
  return scene == other.scene && clip_from_world == other.clip_from_world && size_px == other.size_px &&
         is_mesh == other.is_mesh && diameter_m == other.diameter_m && diameter_px == other.diameter_px &&
         hidden == other.hidden && same_box(clip_box_m, other.clip_box_m) && clip_plane == other.clip_plane;
}

ScenePicker::Geometry ScenePicker::geometry() const {
  const auto ratio = static_cast<float>(widget_.devicePixelRatioF());
  const RenderSettings settings = renderer_.settings({camera_.camera(), viewSize(), ratio, false, false});
  const gl::SceneTarget& kept = renderer_.scene()->kept();
  return {content_.document.scene().get(),
          settings.clip_from_world,
          QSize(kept.width_px(), kept.height_px()),
          settings.is_mesh,
          settings.style.diameter_m,
          settings.style.diameter_px,
          settings.style.hidden,
          settings.style.clip_box_m,
          settings.style.clip_plane};
}

bool ScenePicker::isHeld() const { return held_ && renderer_.scene() && held_->geometry == geometry(); }

void ScenePicker::hold() {
  if (!canPick() || isHeld()) return;
  HeldIds held{geometry(), {}};
  const CurrentContext current(widget_);
  gl::Functions* gl = gl::currentFunctions();
  if (!gl) return;
  held.ids = renderer_.scene()->kept().ids(*gl);
  held_ = std::move(held);
}

std::uint32_t ScenePicker::idAt(QPoint pixel) const {
  if (isHeld()) {
    const QSize size = held_->geometry.size_px;
    if (!QRect(QPoint(0, 0), size).contains(pixel)) return 0;
    return held_->ids[static_cast<std::size_t>(pixel.y()) * static_cast<std::size_t>(size.width()) +
                      static_cast<std::size_t>(pixel.x())];
  }
  const CurrentContext current(widget_);
  gl::Functions* gl = gl::currentFunctions();
  return gl ? renderer_.scene()->kept().idAt(*gl, pixel.x(), pixel.y()) : 0;
}

std::vector<std::uint32_t> ScenePicker::idsIn(const QRect& pixels) const {
  if (!isHeld()) {
    const CurrentContext current(widget_);
    gl::Functions* gl = gl::currentFunctions();
    return gl ? renderer_.scene()->kept().idsIn(*gl, pixels) : std::vector<std::uint32_t>();
  }
  const QSize size = held_->geometry.size_px;
  const QRect cut = pixels.intersected(QRect(QPoint(0, 0), size));
  std::vector<std::uint32_t> ids;
  for (int y = cut.top(); y <= cut.bottom(); ++y) {
    const auto* row = held_->ids.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width());
    for (int x = cut.left(); x <= cut.right(); ++x) {
      if (row[x] != 0 && (ids.empty() || ids.back() != row[x])) ids.push_back(row[x]);
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::optional<std::size_t> ScenePicker::pointAt(QPointF position) const {
  if (!canPick() && !isHeld()) return std::nullopt;
  const std::uint32_t id = idAt(devicePixel(position));
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
  if (!canPick() && !isHeld()) return {};
  const auto ids = idsIn(QRect(devicePixel(area.topLeft()), devicePixel(area.bottomRight())));
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
  const OutlineTest test(outline);
  const Eigen::Matrix4f clip_from_world = camera_.camera().clipFromWorld(viewSize());
  std::erase_if(points, [&](std::uint32_t point) {
    const auto at = placeOf(clip_from_world, scene().points().positions_m[point]);
    return !at || !test.contains(at->x(), at->y());
  });
  return points;
}

std::optional<QPointF> ScenePicker::placeOf(const Eigen::Matrix4f& clip_from_world,
                                            const Eigen::Vector3f& position_m) const {
  const Eigen::Vector4f clip = clip_from_world * position_m.homogeneous();
  if (!(clip.w() > 0)) return std::nullopt;
  const double x = static_cast<double>(clip.x() / clip.w()), y = static_cast<double>(clip.y() / clip.w());
  return QPointF((x + 1) / 2 * viewSize().width_px, (1 - y) / 2 * viewSize().height_px);
}

std::vector<std::uint32_t> ScenePicker::pointsThrough(const QPolygonF& outline) const {
  if (!renderer_.scene() || !content_.document.scene() || !renderer_.hasSentPoints()) return {};
  const OutlineTest test(outline);
  const RenderSettings settings = renderer_.settings({camera_.camera(), viewSize(), 1, false, false});
  const auto is_cut_off = [&](const Eigen::Vector3f& position) {
    return (settings.style.clip_box_m && !settings.style.clip_box_m->contains(position)) ||
           (settings.style.clip_plane && settings.style.clip_plane->dot(position.homogeneous()) < 0);
  };
  const DrawOrder& order = renderer_.scene()->points().order();
  std::vector<std::uint32_t> points;
  for (const std::uint32_t block : blocksInView(order, settings.clip_from_world, settings.style.clip_box_m)) {
    const PointBlock& range = order.blocks[block];
    if (!touches(range.bounds_m, test.bounds())) continue;
    for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
      const std::uint32_t point = order.order[i];
      const Eigen::Vector3f& position = scene().points().positions_m[point];
      const auto at = placeOf(settings.clip_from_world, position);
      if (at && test.contains(at->x(), at->y()) && !is_cut_off(position)) points.push_back(point);
    }
  }
  return points;
}

bool ScenePicker::touches(const Eigen::AlignedBox3f& block_m, const QRectF& bounds) const {
  QPolygonF corners;
  for (int i = 0; i < 8; ++i) {
    const auto at =
        camera_.camera().project(block_m.corner(static_cast<Eigen::AlignedBox3f::CornerType>(i)), viewSize());
    if (!at) return true;  // Behind the eye: its outline on screen is no polygon of its corners.
    corners += QPointF(static_cast<double>(at->x()), static_cast<double>(at->y()));
  }
  return corners.boundingRect().intersects(bounds);
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
