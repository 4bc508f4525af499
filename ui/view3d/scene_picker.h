#pragma once

#include "ui/view3d/camera_controller.h"
#include "ui/view3d/view_renderer.h"

#include <QPointF>
#include <QPolygonF>

#include <optional>
#include <vector>

namespace tagscape {

/// Tells what is drawn where in the picture of the 3D view at rest; nothing while the view moves or its picture is
/// incomplete. Positions are logical pixels, points are rows of the scene.
class ScenePicker {
 public:
  /// All must outlive this.
  ScenePicker(QOpenGLWidget& widget,
              const ViewContent& content,
              const ViewRenderer& renderer,
              const CameraController& camera);

  /// The point drawn there, exact for every pixel; of a mesh the corner of its triangle that is nearest on screen.
  [[nodiscard]] std::optional<std::size_t> pointAt(QPointF position) const;
  /// The points drawn in a rectangle: those that are visible, not what lies behind them; of a mesh the corners of its
  /// triangles. Some may come more than once.
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(const QRectF& area) const;
  /// The same within an outline, by the even-odd rule; one that is no rectangle takes points by where their centre is.
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(const QPolygonF& outline) const;
  /// The frame whose camera is drawn there and not hidden by points.
  [[nodiscard]] std::optional<int> frameAt(QPointF position) const;
  /// Where in the world the surface is that is drawn there, m: the point itself, or the place on the mesh.
  [[nodiscard]] std::optional<Eigen::Vector3f> surfaceAt(QPointF position) const;
  /// What the depth buffer of the last picture at rest has there, m; where it has nothing, at the camera's target's
  /// distance. Asks a picture that is incomplete, too.
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
