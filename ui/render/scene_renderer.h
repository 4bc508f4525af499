#pragma once

#include "ui/gl/scene_target.h"
#include "ui/render/background_renderer.h"
#include "ui/render/eye_dome_renderer.h"
#include "ui/render/frustum_renderer.h"
#include "ui/render/point_cloud_renderer.h"

#include <optional>
#include <vector>

namespace tagscape {

/// All settings of a picture of the scene. Pixels are device pixels.
struct RenderSettings {
  Eigen::Matrix4f clip_from_world = Eigen::Matrix4f::Identity();
  Eigen::Vector3f eye_m = Eigen::Vector3f::Zero();
  float near_m = 0.1F, far_m = 100;
  float px_per_unit = 1;  ///< Pixels per metre at a distance of 1 m.
  float pixel_ratio = 1;  ///< Device pixels per logical pixel; scales all lengths on screen except point sizes.
  PointStyle style;
  bool is_mesh = false;
  bool culls_back = false;  ///< Of the mesh.
  bool is_eye_dome = false;
  bool shows_frames = true;
  int frame_index = -1;
  struct Background {
    Eigen::Vector4f bottom_rgba, top_rgba;
  };
  std::optional<Background> background;  ///< None: transparent.
};

/// Draws pictures of a scene in the current context: a preview with a part of the points, or the complete picture in
/// several steps. The complete picture is kept; it can be shown again at no cost and queried for what was drawn at each
/// pixel.
class SceneRenderer {
 public:
  /// Errors: Internal if a shader does not compile.
  [[nodiscard]] static Result<SceneRenderer> create(gl::Functions& gl);

  [[nodiscard]] PointCloudRenderer& points() { return points_; }
  [[nodiscard]] const PointCloudRenderer& points() const { return points_; }
  [[nodiscard]] FrustumRenderer& frusta() { return frusta_; }

  /// Sets the size of the pictures. @return whether the kept picture is lost. Errors: Unsupported if it is too large.
  [[nodiscard]] Result<bool> resize(gl::Functions& gl, int width_px, int height_px);

  /// Draws a preview of at most `max_points` points in view directly into `framebuffer`, which must have the size of
  /// the pictures, without eye-dome lighting. Nothing is kept.
  [[nodiscard]] Status drawPart(gl::Functions& gl,
                                GLuint framebuffer,
                                const RenderSettings& settings,
                                std::size_t max_points);

  /// Draws a few points into `framebuffer`, whose content is then undefined, since drivers finish compiling a shader at
  /// its first use.
  [[nodiscard]] Status warmUp(gl::Functions& gl, GLuint framebuffer, const RenderSettings& settings);

  /// Begins a new complete picture, drawn by the next calls of refine(). The kept picture stays until it is complete.
  void begin(gl::Functions& gl, const RenderSettings& settings);
  /// Draws the next `max_points` of the begun picture, which is kept once it is complete.
  /// @return whether it is complete.
  [[nodiscard]] Result<bool> refine(gl::Functions& gl, const RenderSettings& settings, std::size_t max_points);
  /// Keeps the begun picture although it is incomplete, and ends it.
  void showUnfinished(gl::Functions& gl, const RenderSettings& settings);
  /// Redraws the cameras over the kept picture, if nothing else has changed.
  void finish(gl::Functions& gl, const RenderSettings& settings);

  /// A complete picture of any size, independent of the kept one. Its framebuffers are reused for the next one of the
  /// same size. Errors: Unsupported if it is too large for the driver.
  [[nodiscard]] Result<QImage> picture(gl::Functions& gl, const RenderSettings& settings, QSize size_px);
  /// Frees the framebuffers of picture(), 16 bytes per pixel.
  void releasePicture() { picture_ = {}; }
  /// How far drawing extends beyond a point's own pixel: half a point size plus the radius of eye-dome lighting.
  [[nodiscard]] static int reach_px(gl::Functions& gl, const RenderSettings& settings);

  void show(gl::Functions& gl, GLuint framebuffer) const { kept_.copyTo(gl, framebuffer); }
  [[nodiscard]] const gl::SceneTarget& kept() const { return kept_; }

  /// The numbers of drawn points and of points in view in the last picture.
  [[nodiscard]] std::size_t numShown() const { return num_shown_; }
  [[nodiscard]] std::size_t numInView() const { return num_in_view_; }

 private:
  SceneRenderer(PointCloudRenderer points,
                FrustumRenderer frusta,
                BackgroundRenderer background,
                EyeDomeRenderer eye_dome);
  void findBlocks(const RenderSettings& settings);
  void drawBackground(gl::Functions& gl, const RenderSettings& settings) const;
  void clear(gl::Functions& gl, const gl::SceneTarget& target, const RenderSettings& settings) const;
  void finishIn(gl::Functions& gl, const gl::SceneTarget& target, const RenderSettings& settings);
  void drawOver(gl::Functions& gl, const RenderSettings& settings);

  PointCloudRenderer points_;
  FrustumRenderer frusta_;
  BackgroundRenderer background_;
  EyeDomeRenderer eye_dome_;
  gl::SceneTarget kept_;
  gl::SceneTarget begun_;
  gl::SceneTarget picture_;
  std::vector<std::uint32_t> blocks_;  ///< In view, of the picture being made.
  std::size_t num_in_view_ = 0;
  std::size_t num_shown_ = 0;
  double fraction_ = 0;  ///< Of each block, drawn in the begun picture.
};

}  // namespace tagscape
