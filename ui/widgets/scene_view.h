#pragma once

#include "ui/gl/objects.h"
#include "ui/models/document.h"
#include "ui/render/background_renderer.h"
#include "ui/render/frustum_renderer.h"
#include "ui/render/orbit_camera.h"
#include "ui/render/point_cloud_renderer.h"
#include "ui/render/view_overlay.h"

#include <QElapsedTimer>
#include <QOpenGLWidget>
#include <QTimer>

#include <optional>
#include <span>
#include <vector>

namespace tagscape {

/// The 3D view: points, cameras and the overlay. Orbit with the left button, pan with the middle one or Shift and left,
/// zoom to the cursor with the wheel.
///
/// The scene is drawn into a picture that is kept, so that hovering over the overlay costs no points. While the camera
/// moves, as many points are drawn as keep the motion smooth, and all of them once it rests.
class SceneView : public QOpenGLWidget {
  Q_OBJECT

 public:
  explicit SceneView(Document& document, QWidget* parent = nullptr);
  ~SceneView() override;

  [[nodiscard]] OrbitCamera::ViewSize viewSize() const { return {std::max(1, width()), std::max(1, height())}; }
  [[nodiscard]] const OrbitCamera& camera() const { return camera_; }
  void setCamera(const OrbitCamera& camera);  ///< As if a hand had moved it: smooth first, complete at rest.
  void orbitBy(float dx_px, float dy_px);
  void resetCamera();

  [[nodiscard]] std::size_t numShown() const { return num_shown_; }
  [[nodiscard]] std::size_t numPoints() const;
  [[nodiscard]] int numGlErrors() const { return num_gl_errors_; }
  [[nodiscard]] int numPositionUploads() const;
  /// Whether triangles are drawn at rest: asked for, and the scan has them. While it moves, points are drawn.
  [[nodiscard]] bool showsMesh() const;
  [[nodiscard]] bool isMoving() const { return rest_timer_.isActive(); }
  /// Whether the picture on screen shows the document as it is now, with all points.
  [[nodiscard]] bool isComplete() const;
  [[nodiscard]] const ViewOverlay& overlay() const { return overlay_; }
  /// The world point drawn at a place of the view (logical pixels), in the picture of the last rest; nothing where the
  /// background shows.
  [[nodiscard]] std::optional<Eigen::Vector3f> surfaceAt(QPointF position);

 Q_SIGNALS:
  /// The open scene's first picture has reached the screen.
  void sceneShown();
  /// The view cannot draw at all.
  void drawingFailed(const QString& message);

 protected:
  void initializeGL() override;
  void paintGL() override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  enum class Drag { None, Orbit, Pan };

  struct Renderers {
    PointCloudRenderer points;
    FrustumRenderer frusta;
    BackgroundRenderer background;
    gl::RenderTarget target;
  };

  void connectDocument();
  void createRenderers();
  void releaseGl();
  void redrawScene();
  void moved();
  void uploadWhatChanged(gl::Functions& gl);
  /// Whether there is what the chosen layer shows.
  [[nodiscard]] bool hasLayer() const;
  /// By point: the CAM of the chosen class, or a class index, -1 for none.
  [[nodiscard]] std::vector<float> pointValues() const;
  /// Labels of the layer that shows some; empty otherwise.
  [[nodiscard]] std::span<const std::uint8_t> shownLabels() const;
  void drawScene(gl::Functions& gl);
  [[nodiscard]] PointStyle pointStyle() const;
  void drawOverlay();
  [[nodiscard]] OverlayContent overlayContent() const;
  void applyOverlay(const OverlayContent& before, const OverlayContent& after);
  void frameReachedScreen();
  [[nodiscard]] Eigen::Vector3f pointUnder(QPointF position);
  [[nodiscard]] float depthUnder(QPointF position);
  [[nodiscard]] Eigen::Vector3f zoomAnchor(QPointF position);
  void warmUp();
  [[nodiscard]] bool isDark() const;

  Document& document_;
  OrbitCamera camera_;
  ViewOverlay overlay_;
  std::optional<Renderers> renderers_;
  QMetaObject::Connection context_going_;
  QTimer rest_timer_;  // Runs out when the camera has come to rest.
  Drag drag_ = Drag::None;
  QPointF last_mouse_;
  QPointF zoom_place_;  // Where the wheel turned last, and the world point that was there.
  Eigen::Vector3f zoom_anchor_ = Eigen::Vector3f::Zero();
  bool points_dirty_ = true;  // What must be uploaded or drawn anew.
  bool values_dirty_ = true;
  bool scene_dirty_ = true;
  int overlay_repaints_ = 0;  // ImGui settles one frame after an event.
  float spacing_m_ = 0.02F;
  TagSet shown_classes_;  // That the layer's labels contain.
  std::size_t moving_budget_ = 80'000;
  std::size_t num_shown_ = 0;
  int num_gl_errors_ = 0;
  QElapsedTimer paint_clock_;
  QElapsedTimer swap_clock_;
  double smooth_frame_s_ = 0;
  bool drew_scene_ = false;  // In the frame that is on its way to the screen.
  bool announce_shown_ = false;
};

}  // namespace tagscape
