#include "ui/render/eye_dome_renderer.h"

namespace tagscape {

Result<EyeDomeRenderer> EyeDomeRenderer::create(gl::Functions& gl) {
  TAGSCAPE_ASSIGN(auto program, gl::Program::load(gl, "background", "eye_dome"));
  EyeDomeRenderer renderer(std::move(program));
  renderer.vertex_array_ = gl::VertexArray::create(gl);
  return renderer;
}

void EyeDomeRenderer::draw(gl::Functions& gl, const gl::SceneTarget& target, const Lens& lens) const {
  target.bindFinishing(gl);
  gl.glDisable(GL_DEPTH_TEST);
  gl.glDisable(GL_BLEND);
  program_.use(gl);
  program_.set(gl, "u_color", 0);
  program_.set(gl, "u_depth", 1);
  program_.set(gl, "u_lens", Eigen::Vector4f(lens.near_m, lens.far_m, lens.radius_px, lens.strength));
  gl.glActiveTexture(GL_TEXTURE1);
  gl.glBindTexture(GL_TEXTURE_2D, target.depth());
  gl.glActiveTexture(GL_TEXTURE0);
  gl.glBindTexture(GL_TEXTURE_2D, target.color());
  gl.glBindVertexArray(vertex_array_.id());
  gl.glDrawArrays(GL_TRIANGLES, 0, 3);
  gl.glBindVertexArray(0);
  for (const GLenum unit : {GL_TEXTURE1, GL_TEXTURE0}) {  // Otherwise drawing would read the textures that it writes.
    gl.glActiveTexture(unit);
    gl.glBindTexture(GL_TEXTURE_2D, 0);
  }
}

}  // namespace tagscape
