#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"
#include "ui/render/orbit_camera.h"
#include "ui/render/scene_renderer.h"
#include "ui/render/view_overlay.h"
#include "ui/services/point_layers.h"
#include "ui/view3d/view_settings.h"

#include <QElapsedTimer>
#include <QImage>
#include <QOpenGLWidget>
#include <QTimer>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <vector>

namespace tagscape {

/// The 3D view: points or mesh, cameras and the overlay. Orbit with the left button, pan with the middle one
/// or Shift and left, zoom to the cursor with the wheel, fly with W A S D Q E while the right button is held; a click
/// on a camera flies into its frame, one on a point chooses it.
///
/// While the camera moves, as many points are drawn as keep the motion smooth; once it rests, all of them, by pieces if
/// there are many. The picture is kept, so that hovering costs no points.
class SceneView : public QOpenGLWidget {
  Q_OBJECT

 public:
  explicit SceneView(Document& document, QWidget* parent = nullptr);
  ~SceneView() override;

  [[nodiscard]] ViewSettings& settings() { return settings_; }
  [[nodiscard]] const ViewSettings& settings() const { return settings_; }
  [[nodiscard]] const PointLayers& layers() const { return layers_; }
  [[nodiscard]] PointLayers& layers() { return layers_; }
  /// What the colour bar covers for the document's layer, and for that mixed into it: the locked range, where it is one
  /// of values 0 … 1.
  [[nodiscard]] HeatRange rangeOf(PointLayer layer) const;

  [[nodiscard]] OrbitCamera::ViewSize viewSize() const { return {std::max(1, width()), std::max(1, height())}; }
  [[nodiscard]] const OrbitCamera& camera() const { return camera_; }
  void setCamera(const OrbitCamera& camera);  ///< As if a hand had moved it: smooth first, complete at rest.
  void orbitBy(float dx_px, float dy_px);

  /// The view as text (see OrbitCamera::toText).
  [[nodiscard]] QString viewText() const { return QString::fromStdString(camera_.toText()); }
  /// Errors: InvalidInput if it is no view; nothing changes then.
  [[nodiscard]] Status setViewText(const QString& text);

  /// A picture of the view without overlay, in device pixels: of any size that checkPictureSize() takes, drawn in tiles
  /// where it is large, which takes 4 bytes a pixel and what one tile does. Points are no larger than the driver makes
  /// them.
  /// @param proceed  called before each of several tiles with how many are done and how many there are; false stops.
  ///                 It may run the event loop: the scene is then drawn as it was at first.
  /// Errors: InvalidInput if it is too large; Unsupported if the view cannot draw or the memory is too small;
  /// Cancelled.
  [[nodiscard]] Result<QImage> picture(QSize size_px,
                                       bool is_transparent,
                                       const std::function<bool(int done, int total)>& proceed = {});
  /// The longest side of a tile of pictures. By default it is the driver's limit, but not so large that a tile takes
  /// more than 256 MiB of the GPU.
  void setLargestTile_px(int largest_px) { largest_tile_px_ = largest_px; }

  /// The point drawn at a place (logical pixels), if the picture at rest has one there: exact for every pixel.
  [[nodiscard]] std::optional<std::size_t> pointAt(QPointF position);
  /// The points drawn in a rectangle (logical pixels) of the picture at rest: those that are visible, not what lies
  /// behind them; of a mesh the corners of its triangles. Nothing while the view moves or is incomplete.
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(const QRectF& area);
  /// The frame whose camera is drawn there and not hidden by points.
  [[nodiscard]] std::optional<int> frameAt(QPointF position);
  /// Where in the world the surface is that is drawn there: the point itself, or the place on the mesh.
  [[nodiscard]] std::optional<Eigen::Vector3f> surfaceAt(QPointF position);

  [[nodiscard]] std::size_t numShown() const { return renderer_ ? renderer_->numShown() : 0; }
  [[nodiscard]] std::size_t numPoints() const;
  [[nodiscard]] std::size_t numBytesOnGpu() const { return renderer_ ? renderer_->points().numBytes() : 0; }
  [[nodiscard]] int numGlErrors() const { return num_gl_errors_; }
  [[nodiscard]] int numPositionUploads() const;
  /// Whether triangles are drawn at rest: asked for, and the scan has them. While it moves, points are drawn.
  [[nodiscard]] bool showsMesh() const;
  [[nodiscard]] bool isMoving() const { return rest_timer_.isActive() || flight_timer_.isActive(); }
  /// Whether the picture on screen shows the document as it is now, with all points.
  [[nodiscard]] bool isComplete() const;
  [[nodiscard]] const ViewOverlay& overlay() const { return overlay_; }
  /// Draws all points in view even while the camera moves: for measurements.
  void setDrawsAllWhileMoving(bool draws_all) { draws_all_while_moving_ = draws_all; }
  /// Turns of the camera by themselves (into a frame, to a standard view) take no time.
  void setAnimated(bool is_animated) { is_animated_ = is_animated; }

 public Q_SLOTS:
  void resetCamera();
  void setStandardView(tagscape::StandardView view);
  /// Makes the frame current and moves to where it was taken.
  void flyToFrame(int frame_index);
  /// Cuts away what lies between the eye and the point that the view turns about.
  void cutAtTarget();

 Q_SIGNALS:
  /// The open scene's first picture has reached the screen.
  void sceneShown();
  /// The view cannot draw at all.
  void drawingFailed(const QString& message);
  /// The point under the cursor, -1 for none, and where the cursor is (logical pixels).
  void pointHovered(qint64 point, QPointF position);
  void cameraMoved();

 protected:
  void initializeGL() override;
  void paintGL() override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  enum class Drag { None, Orbit, Pan, Fly };

  void connectDocument();
  void createRenderer();
  void refuseToDraw(const std::string& message);
  void releaseGl();
  void redrawScene();
  void redrawOver();
  void moved();
  void recolored();
  void packPoints();
  void uploadWhatChanged(gl::Functions& gl);
  void uploadColumns(gl::Functions& gl);
  void uploadColumn(gl::Functions& gl, const ColorLayer& of);
  [[nodiscard]] std::set<const ColorLayer*> columnsOnScreen() const;
  void noteShownClasses();
  [[nodiscard]] Status paintMoving(gl::Functions& gl);
  [[nodiscard]] Status paintResting(gl::Functions& gl);
  [[nodiscard]] RenderSettings renderSettings(OrbitCamera::ViewSize view, float pixel_ratio) const;
  [[nodiscard]] PointStyle pointStyle(float pixel_ratio) const;
  [[nodiscard]] float sparseScale(std::size_t num_drawn) const;
  void drawOverlay();
  [[nodiscard]] OverlayContent overlayContent() const;
  void addLegend(OverlayContent& content, PointLayer layer) const;
  [[nodiscard]] std::vector<std::string> hoverLines() const;
  void applyOverlay(const OverlayContent& before, const OverlayContent& after);
  void frameReachedScreen();
  void warmUp();
  void hover();
  void click(QPointF position);
  void startFlight(const OrbitCamera& to);
  void flightStep();
  void flyStep();
  void stopFlying();
  [[nodiscard]] Eigen::Vector3f pointUnder(QPointF position);
  [[nodiscard]] Eigen::Vector3f zoomAnchor(QPointF position);
  [[nodiscard]] QPoint devicePixel(QPointF position) const;
  [[nodiscard]] bool isDark() const;
  [[nodiscard]] RenderSettings pictureSettings(QSize size_px) const;
  [[nodiscard]] Status drawTiles(const RenderSettings& settings,
                                 const std::function<bool(int, int)>& proceed,
                                 QImage& picture);
  [[nodiscard]] Result<QImage> drawTile(const RenderSettings& settings, QSize size_px);

  Document& document_;
  ViewSettings settings_;
  PointLayers layers_;
  OrbitCamera camera_;
  ViewOverlay overlay_;
  std::optional<SceneRenderer> renderer_;
  QMetaObject::Connection context_going_;
  JobRunner pack_runner_;
  std::shared_ptr<const PackedCloud> packed_;  // Of the document's scene, once it is made.

  QTimer rest_timer_;  // Runs out when the camera has come to rest.
  Drag drag_ = Drag::None;
  bool has_dragged_ = false;  // Since the button went down: farther than a hand trembles.
  QPointF press_place_;
  QPointF last_mouse_;
  QPointF zoom_place_;  // Where the wheel turned last, and the world point that was there.
  Eigen::Vector3f zoom_anchor_ = Eigen::Vector3f::Zero();
  std::set<int> fly_keys_;
  QTimer fly_timer_;
  QElapsedTimer fly_clock_;
  float fly_speed_ = 1.5F;  // m/s
  bool is_animated_ = true;
  QTimer flight_timer_;
  QElapsedTimer flight_clock_;
  OrbitCamera flight_from_, flight_to_;
  QTimer hover_timer_;       // Many moves of the mouse make one look.
  bool look_again_ = false;  // A look that found the picture unfinished is repeated when it is done.
  std::optional<std::size_t> hovered_point_;

  bool points_dirty_ = true;  // What must be uploaded or drawn anew.
  std::set<const ColorLayer*> dirty_columns_;
  std::set<const ColorLayer*> waiting_columns_;  // Not shown now, and there was no room for them.
  bool scene_dirty_ = true;
  bool over_dirty_ = true;
  bool is_refining_ = false;
  int overlay_repaints_ = 0;  // ImGui settles one frame after an event.
  float spacing_m_ = 0.02F;
  TagSet shown_classes_;  // That the layer's labels contain.
  std::size_t moving_budget_ = 80'000;
  std::size_t slice_points_ = 1'500'000;  // That one step of a complete picture draws.
  bool draws_all_while_moving_ = false;
  int largest_tile_px_ = 4096;
  bool is_making_picture_ = false;  // By tiles; what changes meanwhile is drawn afterwards.
  int num_gl_errors_ = 0;
  QElapsedTimer paint_clock_;
  QElapsedTimer swap_clock_;
  double smooth_frame_s_ = 0;
  bool drew_scene_ = false;  // In the frame that is on its way to the screen.
  bool announce_shown_ = false;
};

}  // namespace tagscape
