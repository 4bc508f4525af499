#pragma once

#include "ui/view3d/camera_controller.h"
#include "ui/view3d/view_renderer.h"

#include <QPointF>
#include <QPolygonF>
#include <QSize>

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
  /// All points that project into an outline, visible or not, in no order; those that are cut off or hidden excepted.
  /// Asks a picture that is incomplete, too. Cost: the points of the blocks that the outline touches.
  [[nodiscard]] std::vector<std::uint32_t> pointsThrough(const QPolygonF& outline) const;
  /// Keeps what is drawn at every pixel: questions are answered from it as long as nothing moves, so that a change of
  /// colours, which draws anew, does not interrupt them.
  void hold();
  [[nodiscard]] bool isHeld() const;
  /// The frame whose camera is drawn at a position and not occluded.
  [[nodiscard]] std::optional<int> frameAt(QPointF position) const;
  /// The surface drawn at a position, m, world frame: the point itself, or the place on the mesh.
  [[nodiscard]] std::optional<Eigen::Vector3f> surfaceAt(QPointF position) const;
  /// The world point from the depth buffer of the last picture at rest, m, or at the distance of the camera's target
  /// where nothing is drawn. Also works for an incomplete picture.
  [[nodiscard]] Eigen::Vector3f drawnAt(QPointF position) const;

 private:
  /// What decides where points are drawn.
  struct Geometry {
    const Scene* scene = nullptr;
    Eigen::Matrix4f clip_from_world = Eigen::Matrix4f::Zero();
    QSize size_px;
    bool is_mesh = false;
    float diameter_m = 0, diameter_px = 0;
    TagSet hidden;
    std::optional<Eigen::AlignedBox3f> clip_box_m;
    std::optional<Eigen::Vector4f> clip_plane;

    bool operator==(const Geometry& other) const;
  };
  struct HeldIds {
    Geometry geometry;
    std::vector<std::uint32_t> ids;  ///< [height, width] device pixels, rows from the top.
  };

  [[nodiscard]] bool canPick() const;
  [[nodiscard]] Geometry geometry() const;
  /// 0 where nothing is drawn.
  [[nodiscard]] std::uint32_t idAt(QPoint pixel) const;
  [[nodiscard]] std::vector<std::uint32_t> idsIn(const QRect& pixels) const;
  [[nodiscard]] OrbitCamera::ViewSize viewSize() const;
  [[nodiscard]] QPoint devicePixel(QPointF position) const;
  /// Where a point of the world is drawn, by the matrix of the present view; nothing behind the eye.
  [[nodiscard]] std::optional<QPointF> placeOf(const Eigen::Matrix4f& clip_from_world,
                                               const Eigen::Vector3f& position_m) const;
  /// Whether what is drawn of a block may lie in a rectangle of the view.
  [[nodiscard]] bool touches(const Eigen::AlignedBox3f& block_m, const QRectF& bounds) const;
  [[nodiscard]] const Scene& scene() const { return *content_.document.scene(); }

  QOpenGLWidget& widget_;
  ViewContent content_;
  const ViewRenderer& renderer_;
  const CameraController& camera_;
  std::optional<HeldIds> held_;
};

}  // namespace tagscape
