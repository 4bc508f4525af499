#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/view3d/draw_budget.h"
#include "ui/view3d/view_style.h"

#include <QObject>

#include <memory>
#include <optional>
#include <set>
#include <string_view>

class QOpenGLWidget;

namespace tagscape {

/// Draws the document's scene into the 3D view. While the camera moves, as many points are drawn as keep the motion
/// smooth; once it rests, all of them, by steps if there are many. That picture is kept, so that it can be shown again
/// for nothing and tells what is at each of its pixels. Has points and columns sent to the GPU when they become known.
///
/// Functions marked GL need the widget's context to be current.
class ViewRenderer : public QObject {
  Q_OBJECT

 public:
  /// @param widget   that is drawn into; is told to update() while there is something left to draw.
  /// @param content  must outlive this.
  ViewRenderer(QOpenGLWidget& widget, const ViewContent& content);

  /// Another scene is open: its points are put in order in the background, then sent.
  void packPoints();
  /// The picture at rest has to be drawn anew,
  void redrawScene() { is_scene_stale_ = true; }
  /// or only what lies over its points: the cameras.
  void redrawCameras() { are_cameras_stale_ = true; }
  void resendColumn(PointLayer layer);

  /// GL.
  void createGl();
  /// GL.
  void releaseGl() { renderer_.reset(); }
  /// GL. Sends what is new and draws what is due. @return false if it cannot draw; failed() was emitted then.
  [[nodiscard]] bool paint(const ViewState& view);
  /// GL. Shows the picture that is kept.
  void showKept();
  /// GL. Sends what is new.
  void upload(gl::Functions& gl, const OrbitCamera& camera);
  /// GL. Draws a little of every kind that is likely to be needed, as drivers compile a shader when it is first drawn
  /// with: better before the first moment of a motion or with another layer than in it.
  void warmUp(const ViewState& view);
  /// GL. Logs OpenGL's errors.
  void drainErrors(std::string_view where);
  /// @return whether the frame that was painted last had the scene drawn anew.
  bool frameReachedScreen(bool is_moving);

  /// Draws all points in view even while the camera moves: for measurements.
  void setDrawsAllWhileMoving(bool draws_all) { draws_all_while_moving_ = draws_all; }

  [[nodiscard]] bool hasSentPoints() const { return !are_points_stale_; }
  /// Whether the picture that is kept is of the scene as it is, and can be asked what is at its pixels.
  [[nodiscard]] bool hasPicture() const { return renderer_ && !is_scene_stale_ && !is_refining_; }
  /// The same with all that is known sent and nothing under way.
  [[nodiscard]] bool isComplete() const;
  [[nodiscard]] bool isRefining() const { return is_refining_; }
  [[nodiscard]] RenderSettings settings(const ViewState& view) const;
  [[nodiscard]] std::size_t numPoints() const;
  [[nodiscard]] const DrawBudget& budget() const { return budget_; }
  [[nodiscard]] int numGlErrors() const { return num_gl_errors_; }
  /// What draws; null while it cannot.
  [[nodiscard]] SceneRenderer* scene() { return renderer_ ? &*renderer_ : nullptr; }
  [[nodiscard]] const SceneRenderer* scene() const { return renderer_ ? &*renderer_ : nullptr; }

 Q_SIGNALS:
  /// The view cannot draw at all. Comes through the event queue.
  void failed(const QString& message);
  /// The points of another scene are in order and wait to be drawn.
  void packed();
  /// The picture at rest is complete; comes while it is painted.
  void completed();

 private:
  void refuse(const std::string& message);
  void uploadColumns(gl::Functions& gl);
  void uploadColumn(gl::Functions& gl, const ColorLayer& of);
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
  std::set<const ColorLayer*> waiting_columns_;  // Not shown now, and there was no room for them.
  bool is_scene_stale_ = true;
  bool are_cameras_stale_ = true;
  bool is_refining_ = false;
  bool drew_scene_ = false;  // In the frame that is on its way to the screen.
  bool draws_all_while_moving_ = false;
  float spacing_m_ = 0.02F;
  int num_gl_errors_ = 0;
};

}  // namespace tagscape
