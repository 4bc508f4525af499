#include "ui/render/scene_renderer.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tagscape {
namespace {

float eyeDomeRadius_px(const RenderSettings& settings) { return 1.5F * settings.pixel_ratio; }

}  // namespace

SceneRenderer::SceneRenderer(PointCloudRenderer points,
                             FrustumRenderer frusta,
                             BackgroundRenderer background,
                             EyeDomeRenderer eye_dome)
    : points_(std::move(points)),
      frusta_(std::move(frusta)),
      background_(std::move(background)),
      eye_dome_(std::move(eye_dome)) {}

Result<SceneRenderer> SceneRenderer::create(gl::Functions& gl) {
  TAGSCAPE_ASSIGN(auto points, PointCloudRenderer::create(gl));
  TAGSCAPE_ASSIGN(auto frusta, FrustumRenderer::create(gl));
  TAGSCAPE_ASSIGN(auto background, BackgroundRenderer::create(gl));
  TAGSCAPE_ASSIGN(auto eye_dome, EyeDomeRenderer::create(gl));
  return SceneRenderer(std::move(points), std::move(frusta), std::move(background), std::move(eye_dome));
}

Result<bool> SceneRenderer::resize(gl::Functions& gl, int width_px, int height_px) {
  TAGSCAPE_TRY(begun_.resize(gl, width_px, height_px));
  return kept_.resize(gl, width_px, height_px);
}

void SceneRenderer::findBlocks(const RenderSettings& settings) {
  blocks_ = blocksInView(points_.order(), settings.clip_from_world, settings.style.clip_box_m);
  num_in_view_ = 0;
  for (const std::uint32_t block : blocks_) num_in_view_ += points_.order().blocks[block].count;
}

void SceneRenderer::drawBackground(gl::Functions& gl, const RenderSettings& settings) const {
  if (settings.background) background_.draw(gl, settings.background->bottom_rgba, settings.background->top_rgba);
}

Status SceneRenderer::drawPart(gl::Functions& gl,
                               GLuint framebuffer,
                               const RenderSettings& settings,
                               std::size_t max_points) {
  findBlocks(settings);
  gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  gl.glViewport(0, 0, kept_.width_px(), kept_.height_px());
  gl.glDepthMask(GL_TRUE);
  gl.glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  drawBackground(gl, settings);
  const double fraction = static_cast<double>(max_points) / static_cast<double>(std::max<std::size_t>(1, num_in_view_));
  const DrawRanges ranges = rangesOf(points_.order(), blocks_, 0, fraction);
  num_shown_ = ranges.num_points;
  TAGSCAPE_TRY(points_.draw(gl, settings.clip_from_world, settings.px_per_unit, settings.style, ranges));
  drawOver(gl, settings);
  return {};
}

Status SceneRenderer::warmUp(gl::Functions& gl, GLuint framebuffer, const RenderSettings& settings) {
  constexpr std::size_t kFewPoints = 64;
  const std::size_t num_points = std::min(kFewPoints, points_.numPoints());
  gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  return points_.draw(gl,
                      settings.clip_from_world,
                      settings.px_per_unit,
                      settings.style,
                      {{0}, {static_cast<std::int32_t>(num_points)}, num_points});
}

void SceneRenderer::begin(gl::Functions& gl, const RenderSettings& settings) {
  findBlocks(settings);
  fraction_ = 0;
  num_shown_ = 0;
  clear(gl, begun_, settings);
}

void SceneRenderer::clear(gl::Functions& gl, const gl::SceneTarget& target, const RenderSettings& settings) const {
  target.clear(gl);
  // Colours only: the background has no ids.
  const GLenum color = GL_COLOR_ATTACHMENT0;
  gl.glDrawBuffers(1, &color);
  drawBackground(gl, settings);
  const GLenum both[]{GL_COLOR_ATTACHMENT0, GL_COLOR_ATTACHMENT1};
  gl.glDrawBuffers(2, both);
}

Result<bool> SceneRenderer::refine(gl::Functions& gl, const RenderSettings& settings, std::size_t max_points) {
  begun_.bindDrawing(gl);
  if (settings.is_mesh) {
    TAGSCAPE_TRY(points_.drawMesh(gl, settings.clip_from_world, settings.eye_m, settings.style, settings.culls_back));
    num_shown_ = num_in_view_;
    fraction_ = 1;
  } else {
    const double step = static_cast<double>(max_points) / static_cast<double>(std::max<std::size_t>(1, num_in_view_));
    const double fraction = std::min(1., fraction_ + step);
    const DrawRanges ranges = rangesOf(points_.order(), blocks_, fraction_, fraction);
    num_shown_ += ranges.num_points;
    fraction_ = fraction;
    TAGSCAPE_TRY(points_.draw(gl, settings.clip_from_world, settings.px_per_unit, settings.style, ranges));
  }
  if (fraction_ < 1) return false;
  finishIn(gl, begun_, settings);
  std::swap(begun_, kept_);
  return true;
}

void SceneRenderer::showUnfinished(gl::Functions& gl, const RenderSettings& settings) {
  finishIn(gl, begun_, settings);
  std::swap(begun_, kept_);
}

Result<QImage> SceneRenderer::picture(gl::Functions& gl, const RenderSettings& settings, QSize size_px) {
  TAGSCAPE_TRY(picture_.resize(gl, size_px.width(), size_px.height()));
  clear(gl, picture_, settings);
  if (settings.is_mesh) {
    TAGSCAPE_TRY(points_.drawMesh(gl, settings.clip_from_world, settings.eye_m, settings.style, settings.culls_back));
  } else {
    const auto blocks = blocksInView(points_.order(), settings.clip_from_world, settings.style.clip_box_m);
    const DrawRanges all = rangesOf(points_.order(), blocks, 0, 1);
    TAGSCAPE_TRY(points_.draw(gl, settings.clip_from_world, settings.px_per_unit, settings.style, all));
  }
  finishIn(gl, picture_, settings);
  return picture_.read(gl);
}

int SceneRenderer::reach_px(gl::Functions& gl, const RenderSettings& settings) {
  std::array<GLfloat, 2> sizes_px{};  // The driver's limit of point sizes.
  gl.glGetFloatv(GL_POINT_SIZE_RANGE, sizes_px.data());
  const float point_px = settings.is_mesh ? 1 : std::min(settings.style.max_size_px, sizes_px[1]);
  const float shade_px = settings.is_eye_dome ? eyeDomeRadius_px(settings) + 1 : 0;
  return static_cast<int>(std::ceil(point_px / 2 + shade_px)) + 1;
}

void SceneRenderer::finish(gl::Functions& gl, const RenderSettings& settings) { finishIn(gl, kept_, settings); }

void SceneRenderer::finishIn(gl::Functions& gl, const gl::SceneTarget& target, const RenderSettings& settings) {
  if (settings.is_eye_dome) {
    eye_dome_.draw(gl, target, {settings.near_m, settings.far_m, eyeDomeRadius_px(settings), 4});
  } else {
    target.finishPlainly(gl);
  }
  target.bindFinished(gl);
  drawOver(gl, settings);
}

void SceneRenderer::drawOver(gl::Functions& gl, const RenderSettings& settings) {
  if (settings.shows_frames) frusta_.draw(gl, settings.clip_from_world, settings.frame_index);
}

}  // namespace tagscape
