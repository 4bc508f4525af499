#include "ui/render/frustum_renderer.h"

#include <array>

namespace tagscape {
namespace {

// The small pyramids of all frames come first (lines), then for each frame its large one: lines, then two triangles.
constexpr int kLineVertices = 18;
constexpr int kFaceVertices = 6;
constexpr float kLargeScale = 2.2F;

const Eigen::Vector4f kQuietColor(.62F, .68F, .78F, .30F);
const Eigen::Vector4f kCurrentColor(1.F, .72F, .20F, 1.F);
const Eigen::Vector4f kCurrentFaceColor(1.F, .72F, .20F, .14F);

struct Corners {
  Eigen::Vector3f apex;
  std::array<Eigen::Vector3f, 4> plane;
  Eigen::Vector3f mark;  ///< Above the upper edge, to show which way is up.
};

Corners cornersInWorld(const Pose& world_from_camera, const Intrinsics& color, float depth_m) {
  const auto at = [&](double u, double v) -> Eigen::Vector3f {
    const Eigen::Vector3d ray((u - color.cx) / color.fx, (v - color.cy) / color.fy, 1);
    return (world_from_camera * (ray * static_cast<double>(depth_m))).cast<float>();
  };
  const double w = color.width - .5, h = color.height - .5;
  return {world_from_camera.translation().cast<float>(),
          {at(-.5, -.5), at(w, -.5), at(w, h), at(-.5, h)},
          at(w / 2, -.18 * h)};
}

void appendLines(std::vector<Eigen::Vector3f>& out, const Corners& corners) {
  for (std::size_t i = 0; i < 4; ++i) {
    out.insert(out.end(), {corners.apex, corners.plane[i], corners.plane[i], corners.plane[(i + 1) % 4]});
  }
  out.insert(out.end(), {(corners.plane[0] + corners.plane[1]) / 2, corners.mark});
}

void appendFaces(std::vector<Eigen::Vector3f>& out, const Corners& corners) {
  for (const std::size_t i : {0U, 1U, 2U, 0U, 2U, 3U}) out.push_back(corners.plane[i]);
}

}  // namespace

Result<FrustumRenderer> FrustumRenderer::create(gl::Functions& gl) {
  TAGSCAPE_ASSIGN(auto program, gl::Program::load(gl, "lines"));
  FrustumRenderer renderer(std::move(program));
  renderer.vertex_array_ = gl::VertexArray::create(gl);
  renderer.vertices_ = gl::Buffer::create(gl);
  gl.glBindVertexArray(renderer.vertex_array_.id());
  gl.glBindBuffer(GL_ARRAY_BUFFER, renderer.vertices_.id());
  gl.glEnableVertexAttribArray(0);
  gl.glVertexAttribPointer(0, 3, GL_FLOAT, GL_FALSE, 3 * sizeof(float), nullptr);
  gl.glBindVertexArray(0);
  return renderer;
}

void FrustumRenderer::setFrames(gl::Functions& gl,
                                const std::vector<Frame>& frames,
                                const Intrinsics& color,
                                float depth_m) {
  std::vector<Eigen::Vector3f> small, large;
  std::vector<int> with_pose;
  first_vertex_.assign(frames.size(), -1);
  const bool usable = color.fx > 0 && color.fy > 0;
  for (std::size_t i = 0; usable && i < frames.size(); ++i) {
    if (!frames[i].world_from_camera) continue;
    first_vertex_[i] = static_cast<int>(large.size());
    appendLines(small, cornersInWorld(*frames[i].world_from_camera, color, depth_m));
    const Corners corners = cornersInWorld(*frames[i].world_from_camera, color, depth_m * kLargeScale);
    appendLines(large, corners);
    appendFaces(large, corners);
  }
  num_small_vertices_ = static_cast<int>(small.size());
  for (int& first : first_vertex_) {
    if (first >= 0) first += num_small_vertices_;
  }
  small.insert(small.end(), large.begin(), large.end());
  gl.glBindBuffer(GL_ARRAY_BUFFER, vertices_.id());
  gl.glBufferData(
      GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(small.size() * sizeof(Eigen::Vector3f)), small.data(), GL_STATIC_DRAW);
}

void FrustumRenderer::draw(gl::Functions& gl, const Eigen::Matrix4f& clip_from_world, int current) const {
  if (num_small_vertices_ == 0) return;
  program_.use(gl);
  program_.set(gl, "u_clip_from_world", clip_from_world);
  gl.glBindVertexArray(vertex_array_.id());
  gl.glEnable(GL_DEPTH_TEST);
  gl.glDepthMask(GL_FALSE);  // Translucent, and not in the depth buffer, so that points behind can be picked.
  gl.glEnable(GL_BLEND);
  // Keep alpha at 1, otherwise the window would show through.
  gl.glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  program_.set(gl, "u_color", kQuietColor);
  gl.glDrawArrays(GL_LINES, 0, num_small_vertices_);
  const int first = current >= 0 && current < static_cast<int>(first_vertex_.size())
                        ? first_vertex_[static_cast<std::size_t>(current)]
                        : -1;
  if (first >= 0) {
    program_.set(gl, "u_color", kCurrentFaceColor);
    gl.glDrawArrays(GL_TRIANGLES, first + kLineVertices, kFaceVertices);
    gl.glDisable(GL_DEPTH_TEST);
    program_.set(gl, "u_color", kCurrentColor);
    gl.glDrawArrays(GL_LINES, first, kLineVertices);
  }
  gl.glDisable(GL_BLEND);
  gl.glDepthMask(GL_TRUE);
  gl.glBindVertexArray(0);
}

}  // namespace tagscape
