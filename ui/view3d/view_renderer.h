#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/view3d/draw_budget.h"
#include "ui/view3d/view_style.h"

#include <QObject>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

class QOpenGLWidget;

namespace tagscape {

/// Draws the document's scene into the 3D view: in motion, as many points as keep it smooth; at rest, all points, in
/// several steps if there are many. The complete picture is kept; it can be shown again at no cost and queried by
/// pixel. Uploads points and columns when they become available.
///
/// Functions marked GL need the widget's context to be current.
class ViewRenderer : public QObject {
  Q_OBJECT

 public:
  /// @param widget   to draw into; update() is called on it while drawing is incomplete.
  /// @param content  must outlive the renderer.
  ViewRenderer(QOpenGLWidget& widget, const ViewContent& content);

  /// Another scene was opened: sorts its points in the background, then uploads them.
  void packPoints();
  /// The picture at rest is outdated,
  void redrawScene() { is_scene_stale_ = true; }
  /// or only the cameras over its points.
  void redrawCameras() { are_cameras_stale_ = true; }
  void resendColumn(PointLayer layer);
  /// The column has other values for these points: they are sent before the next picture.
  void patchColumn(PointLayer layer, const std::vector<std::uint32_t>& points);

  /// GL.
  void createGl();
  /// GL.
  void releaseGl() { renderer_.reset(); }
  /// GL. Uploads new data and draws the next step. @return false, after failed(), if it cannot draw.
  [[nodiscard]] bool paint(const ViewState& view);
  /// GL. Draws the picture at rest to its end, without showing it yet.
  void complete(const ViewState& view);
  /// GL. Shows the kept picture.
  void showKept();
  /// GL. Uploads new data.
  void upload(gl::Functions& gl, const OrbitCamera& camera);
  /// GL. Draws a few points with each shader that is likely to be needed, since drivers finish compiling a shader at
  /// its first use, which would interrupt a motion or a change of the layer.
  void warmUp(const ViewState& view);
  /// GL. Logs OpenGL's errors.
  void drainErrors(std::string_view where);
  /// @return whether the scene was redrawn in the last painted frame.
  bool frameReachedScreen(bool is_moving);

  /// Draws all points in view even in motion, for measurements.
  void setDrawsAllWhileMoving(bool draws_all) { draws_all_while_moving_ = draws_all; }

  [[nodiscard]] bool hasSentPoints() const { return !are_points_stale_; }
  /// Whether the kept picture is up to date, so that it can be queried by pixel.
  [[nodiscard]] bool hasPicture() const { return renderer_ && !is_scene_stale_ && !is_refining_; }
  /// The same, with all available data uploaded and nothing pending.
  [[nodiscard]] bool isComplete() const;
  [[nodiscard]] bool isRefining() const { return is_refining_; }
  [[nodiscard]] RenderSettings settings(const ViewState& view) const;
  [[nodiscard]] std::size_t numPoints() const;
  [[nodiscard]] const DrawBudget& budget() const { return budget_; }
  [[nodiscard]] int numGlErrors() const { return num_gl_errors_; }
  /// The underlying renderer; null if the view cannot draw.
  [[nodiscard]] SceneRenderer* scene() { return renderer_ ? &*renderer_ : nullptr; }
  [[nodiscard]] const SceneRenderer* scene() const { return renderer_ ? &*renderer_ : nullptr; }

 Q_SIGNALS:
  /// The view cannot draw. Emitted through the event queue.
  void failed(const QString& message);
  /// The points of another scene are sorted and ready to be drawn.
  void packed();
  /// The picture at rest is complete; emitted during painting.
  void completed();

 private:
  void refuse(const std::string& message);
  void uploadColumns(gl::Functions& gl);
  void uploadColumn(gl::Functions& gl, const ColorLayer& of);
  void uploadPatches(gl::Functions& gl);
  [[nodiscard]] std::set<const ColorLayer*> columnsOnScreen() const;
  [[nodiscard]] Status paintMoving(gl::Functions& gl, const ViewState& view);
  [[nodiscard]] Status paintResting(gl::Functions& gl, const ViewState& view);
  [[nodiscard]] Status beginPicture(gl::Functions& gl, const RenderSettings& settings);
  [[nodiscard]] Status refinePicture(gl::Functions& gl, const RenderSettings& settings);
  [[nodiscard]] float sparseScale(std::size_t num_drawn) const;

  QOpenGLWidget& widget_;
  ViewContent content_;
  std::optional<SceneRenderer> renderer_;
  JobRunner pack_runner_;
  std::shared_ptr<const PackedCloud> packed_;  // Of the document's scene, once it is made.
  DrawBudget budget_;

  bool are_points_stale_ = true;  // What must be sent or drawn anew.
  std::set<const ColorLayer*> stale_columns_;
  std::map<const ColorLayer*, std::vector<std::uint32_t>> patches_;  ///< Points by column.
  std::set<const ColorLayer*> waiting_columns_;                      // Not shown now, and there was no room for them.
  bool is_scene_stale_ = true;
  bool are_cameras_stale_ = true;
  bool is_refining_ = false;
  bool drew_scene_ = false;  // In the frame that is on its way to the screen.
  bool draws_all_while_moving_ = false;
  float spacing_m_ = 0.02F;
  int num_gl_errors_ = 0;
};

}  // namespace tagscape
