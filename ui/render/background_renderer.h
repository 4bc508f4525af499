#pragma once

#include "ui/gl/objects.h"
#include "ui/gl/program.h"

namespace tagscape {

/// Fills the bound framebuffer with a vertical gradient, without writing depth.
class BackgroundRenderer {
 public:
  [[nodiscard]] static Result<BackgroundRenderer> create(gl::Functions& gl);
  void draw(gl::Functions& gl, const Eigen::Vector4f& bottom_rgba, const Eigen::Vector4f& top_rgba) const;

 private:
  explicit BackgroundRenderer(gl::Program program) : program_(std::move(program)) {}
  gl::Program program_;
  gl::VertexArray vertex_array_;  // Required by the core profile, although the shader has no attributes.
};

}  // namespace tagscape
