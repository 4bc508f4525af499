#include "ui/gl/objects.h"

namespace tagscape::gl {

GLuint BufferKind::create(Functions& gl) {
  GLuint id = 0;
  gl.glGenBuffers(1, &id);
  return id;
}
void BufferKind::destroy(Functions& gl, GLuint id) { gl.glDeleteBuffers(1, &id); }

GLuint VertexArrayKind::create(Functions& gl) {
  GLuint id = 0;
  gl.glGenVertexArrays(1, &id);
  return id;
}
void VertexArrayKind::destroy(Functions& gl, GLuint id) { gl.glDeleteVertexArrays(1, &id); }

GLuint RenderbufferKind::create(Functions& gl) {
  GLuint id = 0;
  gl.glGenRenderbuffers(1, &id);
  return id;
}
void RenderbufferKind::destroy(Functions& gl, GLuint id) { gl.glDeleteRenderbuffers(1, &id); }

GLuint FramebufferKind::create(Functions& gl) {
  GLuint id = 0;
  gl.glGenFramebuffers(1, &id);
  return id;
}
void FramebufferKind::destroy(Functions& gl, GLuint id) { gl.glDeleteFramebuffers(1, &id); }

bool RenderTarget::resize(Functions& gl, int width_px, int height_px) {
  if (framebuffer_ && width_px == width_px_ && height_px == height_px_) return false;
  width_px_ = width_px;
  height_px_ = height_px;
  framebuffer_ = Object<FramebufferKind>::create(gl);
  color_ = Object<RenderbufferKind>::create(gl);
  depth_ = Object<RenderbufferKind>::create(gl);
  gl.glBindRenderbuffer(GL_RENDERBUFFER, color_.id());
  gl.glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width_px, height_px);
  gl.glBindRenderbuffer(GL_RENDERBUFFER, depth_.id());
  gl.glRenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH24_STENCIL8, width_px, height_px);
  gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.id());
  gl.glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, color_.id());
  gl.glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_STENCIL_ATTACHMENT, GL_RENDERBUFFER, depth_.id());
  return true;
}

void RenderTarget::bind(Functions& gl) const {
  gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.id());
  gl.glViewport(0, 0, width_px_, height_px_);
}

void RenderTarget::copyColorTo(Functions& gl, GLuint framebuffer) const {
  gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer_.id());
  gl.glBindFramebuffer(GL_DRAW_FRAMEBUFFER, framebuffer);
  gl.glBlitFramebuffer(0, 0, width_px_, height_px_, 0, 0, width_px_, height_px_, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
}

float RenderTarget::depthAt(Functions& gl, int x_px, int y_px) const {
  if (!framebuffer_ || x_px < 0 || y_px < 0 || x_px >= width_px_ || y_px >= height_px_) return 1;
  float depth = 1;
  gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.id());
  gl.glReadPixels(x_px, y_px, 1, 1, GL_DEPTH_COMPONENT, GL_FLOAT, &depth);
  return depth;
}

void RenderTarget::reset() {
  framebuffer_.reset();
  color_.reset();
  depth_.reset();
  width_px_ = height_px_ = 0;
}

}  // namespace tagscape::gl
