#include "ui/render/point_cloud_renderer.h"

#include "core/base/random.h"
#include "ui/render/colors.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <stdexcept>

namespace tagscape {
namespace {

struct PackedVertex {
  float position_m[3];
  std::uint8_t rgba[4];
};
static_assert(sizeof(PackedVertex) == 16);

std::vector<PackedVertex> packVertices(const PointCloud& cloud, const std::vector<std::uint32_t>& order) {
  std::vector<PackedVertex> vertices(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Eigen::Vector3f& position = cloud.positions_m[order[i]];
    const Rgb8 rgb = cloud.colors.empty() ? Rgb8{210, 210, 210} : cloud.colors[order[i]];
    vertices[i] = {{position.x(), position.y(), position.z()}, {rgb[0], rgb[1], rgb[2], 255}};
  }
  return vertices;
}

std::array<Eigen::Vector3f, 10> heatUniform() {
  std::array<Eigen::Vector3f, 10> colors;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    const Rgb8 rgb = viridisStops()[i];
    colors[i] = Eigen::Vector3f(rgb[0], rgb[1], rgb[2]) / 255;
  }
  return colors;
}

std::array<Eigen::Vector3f, kNumClasses> paletteUniform() {
  std::array<Eigen::Vector3f, kNumClasses> colors;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    const Rgb8 rgb = classCatalog()[i].rgb;
    colors[i] = Eigen::Vector3f(rgb[0], rgb[1], rgb[2]) / 255;
  }
  return colors;
}

}  // namespace

Result<PointCloudRenderer> PointCloudRenderer::create(gl::Functions& gl) {
  TAGSCAPE_ASSIGN(auto round, gl::Program::load(gl, "points"));
  TAGSCAPE_ASSIGN(auto square, gl::Program::load(gl, "points", "points_square"));
  TAGSCAPE_ASSIGN(auto mesh, gl::Program::load(gl, "points", "mesh"));
  PointCloudRenderer renderer(std::move(round), std::move(square), std::move(mesh));
  renderer.vertex_array_ = gl::VertexArray::create(gl);
  renderer.vertices_ = gl::Buffer::create(gl);
  renderer.values_ = gl::Buffer::create(gl);
  renderer.corners_ = gl::Buffer::create(gl);
  gl.glBindVertexArray(renderer.vertex_array_.id());
  gl.glBindBuffer(GL_ARRAY_BUFFER, renderer.vertices_.id());
  gl.glEnableVertexAttribArray(0);
  gl.glVertexAttribPointer(0, 3, GL_FLOAT, GL_FALSE, sizeof(PackedVertex), nullptr);
  gl.glEnableVertexAttribArray(1);
  gl.glVertexAttribPointer(1,
                           4,
                           GL_UNSIGNED_BYTE,
                           GL_TRUE,
                           sizeof(PackedVertex),
                           reinterpret_cast<const void*>(offsetof(PackedVertex, rgba)));
  gl.glBindBuffer(GL_ARRAY_BUFFER, renderer.values_.id());
  gl.glEnableVertexAttribArray(2);
  gl.glVertexAttribPointer(2, 1, GL_FLOAT, GL_FALSE, sizeof(float), nullptr);
  gl.glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, renderer.corners_.id());
  gl.glBindVertexArray(0);
  for (const gl::Program* program : {&renderer.round_, &renderer.square_, &renderer.mesh_}) {
    program->use(gl);
    program->set(gl, "u_heat", heatUniform());
    program->set(gl, "u_palette", paletteUniform());
  }
  return renderer;
}

void PointCloudRenderer::setPoints(gl::Functions& gl, const PointCloud& cloud) {
  order_.resize(cloud.size());
  std::iota(order_.begin(), order_.end(), 0U);
  Random(1).shuffle(order_);
  const auto vertices = packVertices(cloud, order_);
  const std::vector<float> no_values(order_.size(), 0.F);
  gl.glBindBuffer(GL_ARRAY_BUFFER, vertices_.id());
  gl.glBufferData(GL_ARRAY_BUFFER,
                  static_cast<GLsizeiptr>(vertices.size() * sizeof(PackedVertex)),
                  vertices.data(),
                  GL_STATIC_DRAW);
  gl.glBindBuffer(GL_ARRAY_BUFFER, values_.id());
  gl.glBufferData(
      GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(no_values.size() * sizeof(float)), no_values.data(), GL_DYNAMIC_DRAW);
  num_triangles_ = 0;
  ++num_position_uploads_;
}

void PointCloudRenderer::setTriangles(gl::Functions& gl, std::span<const Triangle> triangles) {
  std::vector<std::uint32_t> place(order_.size());
  for (std::uint32_t i = 0; i < order_.size(); ++i) place[order_[i]] = i;
  std::vector<std::uint32_t> corners;
  corners.reserve(triangles.size() * 3);
  for (const Triangle& triangle : triangles) {
    for (const std::uint32_t corner : triangle) corners.push_back(place.at(corner));
  }
  num_triangles_ = triangles.size();
  gl.glBindVertexArray(vertex_array_.id());
  gl.glBufferData(GL_ELEMENT_ARRAY_BUFFER,
                  static_cast<GLsizeiptr>(corners.size() * sizeof(std::uint32_t)),
                  corners.data(),
                  GL_STATIC_DRAW);
  gl.glBindVertexArray(0);
}

void PointCloudRenderer::setValues(gl::Functions& gl, std::span<const float> values) {
  if (values.size() != order_.size()) throw std::logic_error("PointCloudRenderer: one value per point is needed");
  std::vector<float> shuffled(values.size());
  for (std::size_t i = 0; i < order_.size(); ++i) shuffled[i] = values[order_[i]];
  gl.glBindBuffer(GL_ARRAY_BUFFER, values_.id());
  gl.glBufferSubData(GL_ARRAY_BUFFER, 0, static_cast<GLsizeiptr>(shuffled.size() * sizeof(float)), shuffled.data());
}

void PointCloudRenderer::useWith(gl::Functions& gl,
                                 const gl::Program& program,
                                 const Eigen::Matrix4f& clip_from_world,
                                 const PointStyle& style) {
  program.use(gl);
  program.set(gl, "u_clip_from_world", clip_from_world);
  program.set(gl, "u_coloring", static_cast<int>(style.coloring));
  program.set(gl, "u_threshold", style.threshold);
  gl.glEnable(GL_DEPTH_TEST);
  gl.glDisable(GL_BLEND);
}

void PointCloudRenderer::drawMesh(gl::Functions& gl,
                                  const Eigen::Matrix4f& clip_from_world,
                                  const Eigen::Vector3f& eye_m,
                                  const PointStyle& style,
                                  bool culls_back) const {
  if (num_triangles_ == 0) return;
  useWith(gl, mesh_, clip_from_world, style);
  mesh_.set(gl, "u_eye", std::span<const Eigen::Vector3f>(&eye_m, 1));
  culls_back ? gl.glEnable(GL_CULL_FACE) : gl.glDisable(GL_CULL_FACE);
  gl.glBindVertexArray(vertex_array_.id());
  gl.glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(num_triangles_ * 3), GL_UNSIGNED_INT, nullptr);
  gl.glBindVertexArray(0);
  gl.glDisable(GL_CULL_FACE);
}

void PointCloudRenderer::draw(gl::Functions& gl,
                              const Eigen::Matrix4f& clip_from_world,
                              float px_per_unit,
                              const PointStyle& style,
                              std::size_t num_points) const {
  if (order_.empty()) return;
  const gl::Program& program = style.is_round ? round_ : square_;
  useWith(gl, program, clip_from_world, style);
  program.set(gl, "u_size_m", style.diameter_m);
  program.set(gl, "u_px_per_unit", px_per_unit);
  program.set(gl, "u_max_size_px", style.max_size_px);
  gl.glEnable(GL_PROGRAM_POINT_SIZE);
  gl.glBindVertexArray(vertex_array_.id());
  gl.glDrawArrays(GL_POINTS, 0, static_cast<GLsizei>(std::min(num_points, order_.size())));
  gl.glBindVertexArray(0);
}

}  // namespace tagscape
