#include "ui/gl/scene_target.h"

#include <algorithm>
#include <array>
#include <string>

namespace tagscape::gl {
namespace {

Texture makeTexture(Functions& gl, GLint stored, GLenum format, GLenum type, int width_px, int height_px) {
  auto texture = Texture::create(gl);
  gl.glBindTexture(GL_TEXTURE_2D, texture.id());
  gl.glTexImage2D(GL_TEXTURE_2D, 0, stored, width_px, height_px, 0, format, type, nullptr);
  for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER})
    gl.glTexParameteri(GL_TEXTURE_2D, filter, GL_NEAREST);
  for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T})
    gl.glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
  gl.glBindTexture(GL_TEXTURE_2D, 0);
  return texture;
}

void attach(Functions& gl, GLenum place, const Texture& texture) {
  gl.glFramebufferTexture2D(GL_FRAMEBUFFER, place, GL_TEXTURE_2D, texture.id(), 0);
}

}  // namespace

int largestSide_px(Functions& gl) {
  GLint texture_px = 0;
  std::array<GLint, 2> viewport_px{};
  gl.glGetIntegerv(GL_MAX_TEXTURE_SIZE, &texture_px);
  gl.glGetIntegerv(GL_MAX_VIEWPORT_DIMS, viewport_px.data());
  return std::min({texture_px, viewport_px[0], viewport_px[1]});
}

Result<bool> SceneTarget::resize(Functions& gl, int width_px, int height_px) {
  if (drawing_ && width_px == width_px_ && height_px == height_px_) return false;
  const int largest = largestSide_px(gl);
  if (width_px > largest || height_px > largest) {
    return fail(ErrorCode::Unsupported,
                "OpenGL: a picture of " + std::to_string(width_px) + " x " + std::to_string(height_px) +
                    " pixels is larger than this driver makes them (" + std::to_string(largest) +
                    "). Choose a smaller size.");
  }
  width_px_ = width_px;
  height_px_ = height_px;
  color_ = makeTexture(gl, GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE, width_px, height_px);
  finished_ = makeTexture(gl, GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE, width_px, height_px);
  ids_ = makeTexture(gl, GL_R32UI, GL_RED_INTEGER, GL_UNSIGNED_INT, width_px, height_px);
  depth_ = makeTexture(gl, GL_DEPTH_COMPONENT24, GL_DEPTH_COMPONENT, GL_UNSIGNED_INT, width_px, height_px);
  drawing_ = Framebuffer::create(gl);
  gl.glBindFramebuffer(GL_FRAMEBUFFER, drawing_.id());
  attach(gl, GL_COLOR_ATTACHMENT0, color_);
  attach(gl, GL_COLOR_ATTACHMENT1, ids_);
  attach(gl, GL_DEPTH_ATTACHMENT, depth_);
  const std::array<GLenum, 2> outputs{GL_COLOR_ATTACHMENT0, GL_COLOR_ATTACHMENT1};
  gl.glDrawBuffers(2, outputs.data());
  const bool is_complete = gl.glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
  finishing_ = Framebuffer::create(gl);
  gl.glBindFramebuffer(GL_FRAMEBUFFER, finishing_.id());
  attach(gl, GL_COLOR_ATTACHMENT0, finished_);
  over_ = Framebuffer::create(gl);
  gl.glBindFramebuffer(GL_FRAMEBUFFER, over_.id());
  attach(gl, GL_COLOR_ATTACHMENT0, finished_);
  attach(gl, GL_DEPTH_ATTACHMENT, depth_);
  if (is_complete) return true;
  drawing_.reset();
  return fail(ErrorCode::Unsupported,
              "OpenGL: this driver cannot draw colours and numbers at once (RGBA8 with R32UI), which OpenGL 3.3 asks "
              "for. Install a newer driver, or start with LIBGL_ALWAYS_SOFTWARE=1.");
}

void SceneTarget::bindDrawing(Functions& gl) const {
  gl.glBindFramebuffer(GL_FRAMEBUFFER, drawing_.id());
  gl.glViewport(0, 0, width_px_, height_px_);
}

void SceneTarget::clear(Functions& gl) const {
  bindDrawing(gl);
  const std::array<GLfloat, 4> no_color{};
  const std::array<GLuint, 4> no_id{};
  const GLfloat far = 1;
  gl.glDepthMask(GL_TRUE);
  gl.glClearBufferfv(GL_COLOR, 0, no_color.data());
  gl.glClearBufferuiv(GL_COLOR, 1, no_id.data());
  gl.glClearBufferfv(GL_DEPTH, 0, &far);
}

void SceneTarget::bindFinishing(Functions& gl) const {
  gl.glBindFramebuffer(GL_FRAMEBUFFER, finishing_.id());
  gl.glViewport(0, 0, width_px_, height_px_);
}

void SceneTarget::finishPlainly(Functions& gl) const {
  gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, drawing_.id());
  gl.glReadBuffer(GL_COLOR_ATTACHMENT0);
  gl.glBindFramebuffer(GL_DRAW_FRAMEBUFFER, finishing_.id());
  gl.glBlitFramebuffer(0, 0, width_px_, height_px_, 0, 0, width_px_, height_px_, GL_COLOR_BUFFER_BIT, GL_NEAREST);
}

void SceneTarget::bindFinished(Functions& gl) const {
  gl.glBindFramebuffer(GL_FRAMEBUFFER, over_.id());
  gl.glViewport(0, 0, width_px_, height_px_);
}

void SceneTarget::copyTo(Functions& gl, GLuint framebuffer) const {
  gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, finishing_.id());
  gl.glBindFramebuffer(GL_DRAW_FRAMEBUFFER, framebuffer);
  gl.glBlitFramebuffer(0, 0, width_px_, height_px_, 0, 0, width_px_, height_px_, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
}

std::uint32_t SceneTarget::idAt(Functions& gl, int x_px, int y_px) const {
  if (!covers(x_px, y_px)) return 0;
  GLuint id = 0;
  gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, drawing_.id());
  gl.glReadBuffer(GL_COLOR_ATTACHMENT1);
  gl.glReadPixels(x_px, height_px_ - 1 - y_px, 1, 1, GL_RED_INTEGER, GL_UNSIGNED_INT, &id);
  gl.glReadBuffer(GL_COLOR_ATTACHMENT0);
  return id;
}

std::vector<std::uint32_t> SceneTarget::idsIn(Functions& gl, const QRect& pixels) const {
  const QRect cut = drawing_ ? pixels.intersected(QRect(0, 0, width_px_, height_px_)) : QRect();
  if (cut.isEmpty()) return {};
  std::vector<std::uint32_t> ids(static_cast<std::size_t>(cut.width()) * static_cast<std::size_t>(cut.height()));
  gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, drawing_.id());
  gl.glReadBuffer(GL_COLOR_ATTACHMENT1);
  gl.glPixelStorei(GL_PACK_ALIGNMENT, 4);
  gl.glReadPixels(cut.left(),
                  height_px_ - 1 - cut.bottom(),
                  cut.width(),
                  cut.height(),
                  GL_RED_INTEGER,
                  GL_UNSIGNED_INT,
                  ids.data());
  gl.glReadBuffer(GL_COLOR_ATTACHMENT0);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (!ids.empty() && ids.front() == 0) ids.erase(ids.begin());
  return ids;
}

std::vector<std::uint32_t> SceneTarget::ids(Functions& gl) const {
  if (!drawing_) return {};
  const auto width = static_cast<std::size_t>(width_px_), height = static_cast<std::size_t>(height_px_);
  std::vector<std::uint32_t> ids(width * height);
  gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, drawing_.id());
  gl.glReadBuffer(GL_COLOR_ATTACHMENT1);
  gl.glPixelStorei(GL_PACK_ALIGNMENT, 4);
  gl.glReadPixels(0, 0, width_px_, height_px_, GL_RED_INTEGER, GL_UNSIGNED_INT, ids.data());
  gl.glReadBuffer(GL_COLOR_ATTACHMENT0);
  for (std::size_t y = 0; y < height / 2; ++y) {
    const auto row = [&](std::size_t of) { return ids.begin() + static_cast<std::ptrdiff_t>(of * width); };
    std::swap_ranges(row(y), row(y + 1), row(height - 1 - y));
  }
  return ids;
}

float SceneTarget::depthAt(Functions& gl, int x_px, int y_px) const {
  if (!covers(x_px, y_px)) return 1;
  GLfloat depth = 1;
  gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, drawing_.id());
  gl.glReadPixels(x_px, height_px_ - 1 - y_px, 1, 1, GL_DEPTH_COMPONENT, GL_FLOAT, &depth);
  return depth;
}

QImage SceneTarget::read(Functions& gl) const {
  QImage image(width_px_, height_px_, QImage::Format_RGBA8888_Premultiplied);
  gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, finishing_.id());
  gl.glPixelStorei(GL_PACK_ALIGNMENT, 4);
  gl.glReadPixels(0, 0, width_px_, height_px_, GL_RGBA, GL_UNSIGNED_BYTE, image.bits());
  return image.mirrored();
}

}  // namespace tagscape::gl
