#include "ui/render/marker_renderer.h"

#include <cstddef>
#include <vector>

namespace tagscape {
namespace {

struct Vertex {
  float position_m[3];
  std::uint8_t rgba[4];
};

}  // namespace

Result<MarkerRenderer> MarkerRenderer::create(gl::Functions& gl) {
  TAGSCAPE_ASSIGN(auto program, gl::Program::load(gl, "markers"));
  MarkerRenderer renderer(std::move(program));
  renderer.vertex_array_ = gl::VertexArray::create(gl);
  renderer.vertices_ = gl::Buffer::create(gl);
  gl.glBindVertexArray(renderer.vertex_array_.id());
  gl.glBindBuffer(GL_ARRAY_BUFFER, renderer.vertices_.id());
  gl.glEnableVertexAttribArray(0);
  gl.glVertexAttribPointer(0, 3, GL_FLOAT, GL_FALSE, sizeof(Vertex), nullptr);
  gl.glEnableVertexAttribArray(1);
  gl.glVertexAttribPointer(
      1, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof(Vertex), reinterpret_cast<const void*>(offsetof(Vertex, rgba)));
  gl.glBindVertexArray(0);
  return renderer;
}

void MarkerRenderer::draw(gl::Functions& gl,
                          const Eigen::Matrix4f& clip_from_world,
                          std::span<const Marker> markers,
                          float size_px) const {
  if (markers.empty()) return;
  std::vector<Vertex> vertices;
  vertices.reserve(markers.size());
  for (const Marker& marker : markers) {
    vertices.push_back({{marker.position_m.x(), marker.position_m.y(), marker.position_m.z()},
                        {marker.rgb[0], marker.rgb[1], marker.rgb[2], 255}});
  }
  gl.glBindBuffer(GL_ARRAY_BUFFER, vertices_.id());
  gl.glBufferData(
      GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(vertices.size() * sizeof(Vertex)), vertices.data(), GL_STREAM_DRAW);
  program_.use(gl);
  program_.set(gl, "u_clip_from_world", clip_from_world);
  program_.set(gl, "u_size_px", size_px);
  gl.glDisable(GL_DEPTH_TEST);
  gl.glDisable(GL_BLEND);
  gl.glEnable(GL_PROGRAM_POINT_SIZE);
  gl.glBindVertexArray(vertex_array_.id());
  gl.glDrawArrays(GL_POINTS, 0, static_cast<GLsizei>(vertices.size()));
  gl.glBindVertexArray(0);
}

}  // namespace tagscape
