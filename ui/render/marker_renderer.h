#pragma once

#include "ui/gl/objects.h"
#include "ui/gl/program.h"
#include "ui/render/colors.h"

#include <Eigen/Core>

#include <span>

namespace tagscape {

/// A place in the scene that is pointed at or chosen.
struct Marker {
  Eigen::Vector3f position_m = Eigen::Vector3f::Zero();
  Rgb8 rgb{255, 255, 255};
};

/// Draws rings around places, over everything.
class MarkerRenderer {
 public:
  [[nodiscard]] static Result<MarkerRenderer> create(gl::Functions& gl);
  /// @param size_px  diameter, device pixels.
  void draw(gl::Functions& gl,
            const Eigen::Matrix4f& clip_from_world,
            std::span<const Marker> markers,
            float size_px) const;

 private:
  explicit MarkerRenderer(gl::Program program) : program_(std::move(program)) {}
  gl::Program program_;
  gl::VertexArray vertex_array_;
  gl::Buffer vertices_;
};

}  // namespace tagscape
