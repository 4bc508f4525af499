#pragma once

#include "ui/services/point_layers.h"
#include "ui/tools/tool_port.h"
#include "ui/view3d/camera_controller.h"
#include "ui/view3d/scene_overlay.h"
#include "ui/view3d/scene_picker.h"
#include "ui/view3d/scene_pictures.h"
#include "ui/view3d/view_renderer.h"
#include "ui/view3d/view_settings.h"

#include <QImage>
#include <QOpenGLWidget>
#include <QTimer>

#include <functional>
#include <optional>
#include <vector>

namespace tagscape {

class MarkerLayer;

/// The 3D view: points or mesh, cameras and the overlay. The left button orbits, the middle button or Shift+left pans,
/// the wheel zooms to the cursor, and W A S D Q E fly while the right button is held; a click on a camera moves to its
/// frame. Events go to the overlay first, then to the tools, then to the camera.
class SceneView : public QOpenGLWidget {
  Q_OBJECT

 public:
  explicit SceneView(Document& document, QWidget* parent = nullptr);
  ~SceneView() override;

  [[nodiscard]] ViewSettings& settings() { return settings_; }
  [[nodiscard]] const ViewSettings& settings() const { return settings_; }
  [[nodiscard]] const PointLayers& layers() const { return layers_; }
  [[nodiscard]] PointLayers& layers() { return layers_; }
  /// The range of the colour bar for the document's layer, and for the one blended with it: the locked range if it
  /// applies to the layer.
  [[nodiscard]] HeatRange rangeOf(PointLayer layer) const { return shownRange(content(), layer); }
  [[nodiscard]] ToolPort& tools() { return tools_; }
  [[nodiscard]] const ToolPort& tools() const { return tools_; }
  /// The markers over the view.
  [[nodiscard]] MarkerLayer& markers() { return *markers_; }
  [[nodiscard]] const MarkerLayer& markers() const { return *markers_; }

  [[nodiscard]] OrbitCamera::ViewSize viewSize() const;
  [[nodiscard]] const OrbitCamera& camera() const { return camera_.camera(); }
  void setCamera(const OrbitCamera& camera) { camera_.setCamera(camera); }  ///< As if the user had moved it.
  void flyTo(const OrbitCamera& camera) { camera_.flyTo(camera); }
  void orbitBy(float dx_px, float dy_px) { camera_.orbitBy(dx_px, dy_px); }

  /// The view as text (see OrbitCamera::toText).
  [[nodiscard]] QString viewText() const { return QString::fromStdString(camera().toText()); }
  /// Errors: InvalidInput if it cannot be parsed; nothing changes then.
  [[nodiscard]] Status setViewText(const QString& text);

  /// A picture of the view without the overlay, in device pixels, of any size that checkPictureSize() accepts. Large
  /// ones are drawn in tiles, with 4 bytes per pixel plus the memory of a tile. Point sizes are limited by the driver.
  /// @param proceed  called before each of several tiles with the number done and the total; false stops. It may run
  ///                 the event loop; the scene is drawn as it was at the start.
  /// Errors: InvalidInput if it is too large; Unsupported if the view cannot draw or the memory is too small;
  /// Cancelled.
  [[nodiscard]] Result<QImage> picture(QSize size_px,
                                       bool is_transparent,
                                       const std::function<bool(int done, int total)>& proceed = {});
  /// The maximum side of a tile of pictures. The default is the driver's limit, but at most 256 MiB of GPU memory per
  /// tile.
  void setLargestTile_px(int largest_px) { pictures_.setLargestTile_px(largest_px); }

  /// Completes the picture at once, unless the camera flies: for a stroke, whose beginning shall not be lost.
  void completePicture();
  /// Queries for what is drawn at a position.
  [[nodiscard]] const ScenePicker& picker() const { return picker_; }
  [[nodiscard]] ScenePicker& picker() { return picker_; }

  [[nodiscard]] std::size_t numShown() const { return renderer_.scene() ? renderer_.scene()->numShown() : 0; }
  [[nodiscard]] std::size_t numPoints() const { return renderer_.numPoints(); }
  [[nodiscard]] std::size_t numBytesOnGpu() const;
  [[nodiscard]] int numGlErrors() const { return renderer_.numGlErrors(); }
  [[nodiscard]] int numPositionUploads() const;
  /// Whether triangles are drawn at rest: chosen, and the scan has them. In motion, points are drawn.
  [[nodiscard]] bool showsMesh() const { return tagscape::showsMesh(document_); }
  [[nodiscard]] bool isMoving() const { return camera_.isMoving(); }
  /// Whether the displayed picture is complete and up to date with the document.
  [[nodiscard]] bool isComplete() const { return renderer_.isComplete() && !isMoving() && !layers_.isBusy(); }
  [[nodiscard]] const ViewOverlay& overlay() const { return overlay_.view(); }
  /// Whether the overlay has been painted often enough to have its final size and content.
  [[nodiscard]] bool isOverlaySettled() const { return overlay_repaints_ == 0 || !document_.scene(); }
  /// Draws all points in view even in motion, for measurements.
  void setDrawsAllWhileMoving(bool draws_all) { renderer_.setDrawsAllWhileMoving(draws_all); }
  /// Makes camera animations (to a frame, to a standard view) instantaneous.
  void setAnimated(bool is_animated) { camera_.setAnimated(is_animated); }
  /// Whether the right button turns the camera: while a tool has the left one.
  void setRightOrbits(bool right_orbits) { camera_.setRightOrbits(right_orbits); }

 public Q_SLOTS:
  void resetCamera();
  void setStandardView(tagscape::StandardView view);
  /// Selects the frame and moves to its camera.
  void flyToFrame(int frame_index);
  /// Clips everything between the eye and the target of the camera.
  void cutAtTarget();

 Q_SIGNALS:
  /// The first picture of the open scene has been displayed.
  void sceneShown();
  /// The view cannot draw.
  void drawingFailed(const QString& message);
  /// The point under the cursor, -1 for none, and the cursor's position in logical pixels.
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
  void connectParts();
  void connectDocument();
  [[nodiscard]] ViewContent content() const { return {document_, settings_, layers_}; }
  [[nodiscard]] ViewState state() const;
  void releaseGl();
  void openScene();
  void showLayers();
  void redrawScene();
  void redrawCameras();
  void recolor();
  void cameraChanged();
  void pictureCompleted();
  void frameReachedScreen();
  void warmUp();
  void repaintOverlay(int num_times);
  void hover();
  void setHovered(std::optional<std::size_t> point);

  Document& document_;
  ViewSettings settings_;
  PointLayers layers_;
  CameraController camera_;
  ViewRenderer renderer_;
  ScenePicker picker_;
  ScenePictures pictures_;
  SceneOverlay overlay_;
  ToolPort tools_;
  MarkerLayer* markers_;
  QMetaObject::Connection context_going_;
  QPointF last_mouse_;
  QTimer hover_timer_;         // Many moves of the mouse make one question.
  bool hovers_again_ = false;  // One that found the picture unfinished is repeated when it is done.
  int overlay_repaints_ = 0;   // Still to be made: ImGui settles one frame after an event.
  bool announces_shown_ = false;
};

}  // namespace tagscape
