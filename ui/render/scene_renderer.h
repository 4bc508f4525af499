#pragma once

#include "ui/gl/scene_target.h"
#include "ui/render/background_renderer.h"
#include "ui/render/eye_dome_renderer.h"
#include "ui/render/frustum_renderer.h"
#include "ui/render/point_cloud_renderer.h"

#include <optional>
#include <vector>

namespace tagscape {

/// Everything that decides a picture of the scene besides the points themselves. Pixels are device pixels.
struct RenderSettings {
  Eigen::Matrix4f clip_from_world = Eigen::Matrix4f::Identity();
  Eigen::Vector3f eye_m = Eigen::Vector3f::Zero();
  float near_m = 0.1F, far_m = 100;
  float px_per_unit = 1;  ///< That one metre covers at one metre distance.
  float pixel_ratio = 1;  ///< Device pixels of a logical one; lengths on screen that are not points' grow with it.
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

/// Makes pictures of a scene in the current context: at once with a part of the points, or complete, by pieces if there
/// are many. The finished picture is kept, so that it can be shown again for nothing, and what was drawn at each of its
/// pixels can be asked.
class SceneRenderer {
 public:
  /// Errors: Internal if a shader does not compile.
  [[nodiscard]] static Result<SceneRenderer> create(gl::Functions& gl);

  [[nodiscard]] PointCloudRenderer& points() { return points_; }
  [[nodiscard]] const PointCloudRenderer& points() const { return points_; }
  [[nodiscard]] FrustumRenderer& frusta() { return frusta_; }

  /// Size of the pictures. @return whether what was kept is lost. Errors: Unsupported if it is too large.
  [[nodiscard]] Result<bool> resize(gl::Functions& gl, int width_px, int height_px);

  /// Draws at most so many of the points in view straight into `framebuffer`, of the size of the pictures; nothing is
  /// kept. Eye-dome lighting is left out.
  [[nodiscard]] Status drawPart(gl::Functions& gl,
                                GLuint framebuffer,
                                const RenderSettings& settings,
                                std::size_t max_points);

  /// Draws a few points into `framebuffer`, whose content is then undefined: drivers compile a shader when it is first
  /// drawn with.
  [[nodiscard]] Status warmUp(gl::Functions& gl, GLuint framebuffer, const RenderSettings& settings);

  /// Begins a new complete picture: the next calls of refine() draw its points. What was kept stays until it is done.
  void begin(gl::Functions& gl, const RenderSettings& settings);
  /// Draws the next `max_points` of the picture that was begun. When it is complete it becomes what is kept.
  /// @return whether it is.
  [[nodiscard]] Result<bool> refine(gl::Functions& gl, const RenderSettings& settings, std::size_t max_points);
  /// Makes the picture that was begun, as far as it is, what is kept, and ends it: begin() anew for a complete one.
  void showUnfinished(gl::Functions& gl, const RenderSettings& settings);
  /// Lays cameras over what is kept anew, where nothing else of the look has changed.
  void finish(gl::Functions& gl, const RenderSettings& settings);

  /// A complete picture of any size that the driver makes, beside the one that is kept. What it is made in stays for
  /// the next one of the same size. Errors: Unsupported if it is too large.
  [[nodiscard]] Result<QImage> picture(gl::Functions& gl, const RenderSettings& settings, QSize size_px);
  /// Gives up what pictures are made in: 16 bytes a pixel.
  void releasePicture() { picture_ = {}; }
  /// How far, in pixels, what is drawn may reach beyond the pixel of its own place: half a point, and the neighbours
  /// that shade it.
  [[nodiscard]] static int reach_px(gl::Functions& gl, const RenderSettings& settings);

  void show(gl::Functions& gl, GLuint framebuffer) const { kept_.copyTo(gl, framebuffer); }
  [[nodiscard]] const gl::SceneTarget& kept() const { return kept_; }

  /// Points of the picture that was made last: drawn, and in view.
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
  double fraction_ = 0;  ///< Of each block that the begun picture has.
};

}  // namespace tagscape
