#include "ui/render/background_renderer.h"

namespace tagscape {

Result<BackgroundRenderer> BackgroundRenderer::create(gl::Functions& gl) {
  TAGSCAPE_ASSIGN(auto program, gl::Program::load(gl, "background"));
  BackgroundRenderer renderer(std::move(program));
  renderer.vertex_array_ = gl::VertexArray::create(gl);
  return renderer;
}

void BackgroundRenderer::draw(gl::Functions& gl,
                              const Eigen::Vector4f& bottom_rgba,
                              const Eigen::Vector4f& top_rgba) const {
  gl.glDisable(GL_DEPTH_TEST);
  gl.glDisable(GL_BLEND);
  program_.use(gl);
  program_.set(gl, "u_bottom", bottom_rgba);
  program_.set(gl, "u_top", top_rgba);
  gl.glBindVertexArray(vertex_array_.id());
  gl.glDrawArrays(GL_TRIANGLES, 0, 3);
  gl.glBindVertexArray(0);
}

}  // namespace tagscape
