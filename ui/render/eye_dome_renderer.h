#pragma once

#include "ui/gl/objects.h"
#include "ui/gl/program.h"
#include "ui/gl/scene_target.h"

namespace tagscape {

/// Shades a picture by its own depth: edges and hollows become darker.
class EyeDomeRenderer {
 public:
  struct Lens {
    float near_m = 0.1F, far_m = 100;  ///< Planes of the camera that the depth is of.
    float radius_px = 1.5F;            ///< Device pixels.
    float strength = 4;
  };

  [[nodiscard]] static Result<EyeDomeRenderer> create(gl::Functions& gl);
  /// From the target's colours and depth into its finished picture.
  void draw(gl::Functions& gl, const gl::SceneTarget& target, const Lens& lens) const;

 private:
  explicit EyeDomeRenderer(gl::Program program) : program_(std::move(program)) {}
  gl::Program program_;
  gl::VertexArray vertex_array_;
};

}  // namespace tagscape
