#pragma once

#include "ui/view3d/camera_controller.h"
#include "ui/view3d/view_renderer.h"

#include <QPointF>
#include <QPolygonF>

#include <optional>
#include <vector>

namespace tagscape {

/// Queries what is drawn at a position in the 3D view's picture at rest. Results are empty in motion and while the
/// picture is incomplete. Positions are logical pixels, points are rows of the scene.
class ScenePicker {
 public:
  /// All must outlive the picker.
  ScenePicker(QOpenGLWidget& widget,
              const ViewContent& content,
              const ViewRenderer& renderer,
              const CameraController& camera);

  /// The point drawn at a pixel; for a mesh, the nearest corner on screen of the triangle.
  [[nodiscard]] std::optional<std::size_t> pointAt(QPointF position) const;
  /// The visible points in a rectangle, without occluded ones; for a mesh, the corners of the visible triangles. May
  /// contain duplicates.
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(const QRectF& area) const;
  /// The same within an outline, by the even-odd rule. If it is not a rectangle, points count by their centres.
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(const QPolygonF& outline) const;
  /// The frame whose camera is drawn at a position and not occluded.
  [[nodiscard]] std::optional<int> frameAt(QPointF position) const;
  /// The surface drawn at a position, m, world frame: the point itself, or the place on the mesh.
  [[nodiscard]] std::optional<Eigen::Vector3f> surfaceAt(QPointF position) const;
  /// The world point from the depth buffer of the last picture at rest, m, or at the distance of the camera's target
  /// where nothing is drawn. Also works for an incomplete picture.
  [[nodiscard]] Eigen::Vector3f drawnAt(QPointF position) const;

 private:
  [[nodiscard]] bool canPick() const;
  [[nodiscard]] OrbitCamera::ViewSize viewSize() const;
  [[nodiscard]] QPoint devicePixel(QPointF position) const;
  [[nodiscard]] const Scene& scene() const { return *content_.document.scene(); }

  QOpenGLWidget& widget_;
  ViewContent content_;
  const ViewRenderer& renderer_;
  const CameraController& camera_;
};

}  // namespace tagscape
