#pragma once

#include "ui/gl/objects.h"
#include "ui/gl/program.h"
#include "ui/gl/scene_target.h"

namespace tagscape {

/// Eye-dome lighting: shades a picture by its depth, darkening edges and hollows.
/// Source: Boucheny, "Visualisation scientifique de grands volumes de données", thesis, Grenoble 2009.
class EyeDomeRenderer {
 public:
  struct Lens {
    float near_m = 0.1F, far_m = 100;  ///< Clipping planes of the camera.
    float radius_px = 1.5F;            ///< Device pixels.
    float strength = 4;
  };

  [[nodiscard]] static Result<EyeDomeRenderer> create(gl::Functions& gl);
  /// Reads the target's colour and depth, writes its finished picture.
  void draw(gl::Functions& gl, const gl::SceneTarget& target, const Lens& lens) const;

 private:
  explicit EyeDomeRenderer(gl::Program program) : program_(std::move(program)) {}
  gl::Program program_;
  gl::VertexArray vertex_array_;
};

}  // namespace tagscape
