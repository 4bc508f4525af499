#pragma once

#include "core/scene/scene.h"
#include "ui/gl/objects.h"
#include "ui/gl/program.h"

#include <vector>

namespace tagscape {

/// Draws the cameras of frames as small pyramids; that of the current frame larger, brighter and with a shaded image
/// plane. Frames without a pose are skipped.
class FrustumRenderer {
 public:
  [[nodiscard]] static Result<FrustumRenderer> create(gl::Functions& gl);

  /// @param depth_m  distance of a pyramid's image plane from its camera.
  void setFrames(gl::Functions& gl, const std::vector<Frame>& frames, const Intrinsics& color, float depth_m);
  /// @param current  index in the frames, or -1.
  void draw(gl::Functions& gl, const Eigen::Matrix4f& clip_from_world, int current) const;

 private:
  explicit FrustumRenderer(gl::Program program) : program_(std::move(program)) {}
  gl::Program program_;
  gl::VertexArray vertex_array_;
  gl::Buffer vertices_;
  std::vector<int> first_vertex_;  ///< Of each frame, -1 without a pose.
  int num_small_vertices_ = 0;
};

}  // namespace tagscape
