#include "ui/render/point_cloud_renderer.h"

#include "core/base/parallel.h"
#include "core/geometry/render_depth.h"
#include "ui/render/color_tables.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>

namespace tagscape {
namespace {

using Vertex = PackedCloud::Vertex;

constexpr GLuint kTablesBinding = 0;
constexpr std::size_t kGrain = 65'536;
constexpr std::uint32_t kJoinedGap = 4096;  // Bytes that are sent again rather than in one more call.
constexpr float kUnbounded = std::numeric_limits<float>::max();

bool clips(const PointStyle& style) { return style.clip_box_m || style.clip_plane; }

/// The number of table rows per unit of value.
Eigen::Vector2f rangeUniform(const HeatRange& range) {
  return {range.low, 255.F / std::max(range.high - range.low, 1e-6F)};
}

template <class T>
std::vector<T> inDrawOrder(const DrawOrder& order, std::span<const T> values) {
  std::vector<T> sorted(values.size());
  parallelFor(sorted.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) sorted[i] = values[order.order[i]];
  });
  return sorted;
}

}  // namespace

PackedCloud packCloud(const Mesh& mesh, std::span<const std::uint8_t> truth) {
  const PointCloud& cloud = mesh.vertices;
  PackedCloud packed;
  packed.order = makeDrawOrder(cloud.positions_m);
  packed.spacing_m = mesh.triangles.empty() ? spacingOf(packed.order, cloud.positions_m) : meshSpacing_m(mesh);
  packed.vertices.resize(packed.order.size());
  parallelFor(packed.vertices.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t from = packed.order.order[i];
      const Eigen::Vector3f& position = cloud.positions_m[from];
      const Rgb8 rgb = cloud.colors.empty() ? Rgb8{210, 210, 210} : cloud.colors[from];
      packed.vertices[i] = {
          {position.x(), position.y(), position.z()}, {rgb[0], rgb[1], rgb[2]}, truth.empty() ? kNoClass : truth[from]};
    }
  });
  return packed;
}

Result<PointCloudRenderer> PointCloudRenderer::create(gl::Functions& gl) {
  PointCloudRenderer renderer;
  renderer.vertex_array_ = gl::VertexArray::create(gl);
  renderer.vertices_ = gl::Buffer::create(gl);
  renderer.corners_ = gl::Buffer::create(gl);
  renderer.tables_ = gl::Buffer::create(gl);
  for (const ColorLayer& layer : colorLayers()) {
    if (layer.hasColumn() && layer.column.bytes_a_point > 0)
      renderer.columns_.emplace(&layer, Column{gl::Buffer::create(gl)});
  }
  gl.glBindVertexArray(renderer.vertex_array_.id());
  gl.glBindBuffer(GL_ARRAY_BUFFER, renderer.vertices_.id());
  const auto offset = [](std::size_t bytes) { return reinterpret_cast<const void*>(bytes); };
  for (const GLuint attribute : {0U, 1U, 2U}) gl.glEnableVertexAttribArray(attribute);
  gl.glVertexAttribPointer(0, 3, GL_FLOAT, GL_FALSE, sizeof(Vertex), nullptr);
  gl.glVertexAttribPointer(1, 3, GL_UNSIGNED_BYTE, GL_TRUE, sizeof(Vertex), offset(offsetof(Vertex, rgb)));
  gl.glVertexAttribIPointer(2, 1, GL_UNSIGNED_BYTE, sizeof(Vertex), offset(offsetof(Vertex, truth)));
  gl.glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, renderer.corners_.id());
  gl.glBindVertexArray(0);
  TAGSCAPE_TRY(renderer.prepare(gl, {}));
  return renderer;
}

void PointCloudRenderer::setPoints(gl::Functions& gl, std::shared_ptr<const PackedCloud> cloud) {
  cloud_ = std::move(cloud);
  gl.glBindBuffer(GL_ARRAY_BUFFER, vertices_.id());
  gl.glBufferData(GL_ARRAY_BUFFER,
                  static_cast<GLsizeiptr>(cloud_->vertices.size() * sizeof(Vertex)),
                  cloud_->vertices.data(),
                  GL_STATIC_DRAW);
  for (const auto& [layer, column] : columns_) freeColumn(gl, *layer);
  places_.clear();
  num_triangles_ = 0;
  ++num_position_uploads_;
}

void PointCloudRenderer::setColumn(gl::Functions& gl, const ColorLayer& of, std::span<const std::uint8_t> values) {
  if (values.size() != numPoints()) throw std::logic_error("PointCloudRenderer: one value per point is needed");
  uploadColumn(gl, of, inDrawOrder(order(), values).data(), sizeof(std::uint8_t));
}

void PointCloudRenderer::setColumn(gl::Functions& gl, const ColorLayer& of, std::span<const std::uint16_t> values) {
  if (values.size() != numPoints()) throw std::logic_error("PointCloudRenderer: one value per point is needed");
  uploadColumn(gl, of, inDrawOrder(order(), values).data(), sizeof(std::uint16_t));
}

void PointCloudRenderer::uploadColumn(gl::Functions& gl,
                                      const ColorLayer& of,
                                      const void* values,
                                      std::size_t value_bytes) {
  if (value_bytes != of.column.bytes_a_point) throw std::logic_error("PointCloudRenderer: a column of another size");
  if (!hasRoomFor(of)) throw std::logic_error("PointCloudRenderer: there is no room for the column");
  Column& column = columns_.at(&of);
  column.bytes_a_point = value_bytes;
  gl.glBindVertexArray(vertex_array_.id());
  gl.glBindBuffer(GL_ARRAY_BUFFER, column.buffer.id());
  gl.glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(numPoints() * value_bytes), values, GL_DYNAMIC_DRAW);
  gl.glEnableVertexAttribArray(columnAttribute(of));
  gl.glVertexAttribIPointer(
      columnAttribute(of), 1, value_bytes == 1 ? GL_UNSIGNED_BYTE : GL_UNSIGNED_SHORT, 0, nullptr);
  gl.glBindVertexArray(0);
}

void PointCloudRenderer::patchColumn(gl::Functions& gl,
                                     const ColorLayer& of,
                                     std::span<const std::uint8_t> values,
                                     std::span<const std::uint32_t> points) {
  const Column& column = columns_.at(&of);
  if (column.bytes_a_point != sizeof(std::uint8_t) || values.size() != numPoints())
    throw std::logic_error("PointCloudRenderer: a column that is not there cannot be patched");
  if (places_.size() != numPoints()) {
    places_.resize(numPoints());
    for (std::uint32_t i = 0; i < places_.size(); ++i) places_[order().order[i]] = i;
  }
  std::vector<std::uint32_t> touched;
  touched.reserve(points.size());
  for (const std::uint32_t point : points) touched.push_back(places_.at(point));
  std::sort(touched.begin(), touched.end());
  gl.glBindBuffer(GL_ARRAY_BUFFER, column.buffer.id());
  std::vector<std::uint8_t> run;
  for (std::size_t begin = 0; begin < touched.size();) {
    std::size_t end = begin + 1;
    while (end < touched.size() && touched[end] - touched[end - 1] < kJoinedGap) ++end;
    run.clear();
    for (std::uint32_t place = touched[begin]; place <= touched[end - 1]; ++place)
      run.push_back(values[order().order[place]]);
    gl.glBufferSubData(GL_ARRAY_BUFFER, touched[begin], static_cast<GLsizeiptr>(run.size()), run.data());
    begin = end;
  }
}

void PointCloudRenderer::freeColumn(gl::Functions& gl, const ColorLayer& of) {
  Column& column = columns_.at(&of);
  column.bytes_a_point = 0;
  gl.glBindVertexArray(vertex_array_.id());
  gl.glDisableVertexAttribArray(columnAttribute(of));
  gl.glBindBuffer(GL_ARRAY_BUFFER, column.buffer.id());
  gl.glBufferData(GL_ARRAY_BUFFER, 0, nullptr, GL_DYNAMIC_DRAW);
  gl.glBindVertexArray(0);
}

std::size_t PointCloudRenderer::bytesAPoint() const {
  std::size_t bytes = sizeof(Vertex);
  for (const auto& [layer, column] : columns_) bytes += column.bytes_a_point;
  return bytes;
}

bool PointCloudRenderer::hasRoomFor(const ColorLayer& of) const {
  const std::size_t now = columns_.at(&of).bytes_a_point;
  return bytesAPoint() - now + of.column.bytes_a_point <= kMaxBytesAPoint;
}

std::vector<const ColorLayer*> PointCloudRenderer::makeRoomFor(gl::Functions& gl,
                                                               const ColorLayer& of,
                                                               const std::set<const ColorLayer*>& kept) {
  std::vector<const ColorLayer*> freed;
  for (const auto& [layer, column] : columns_) {
    if (hasRoomFor(of)) break;
    if (layer == &of || column.bytes_a_point == 0 || kept.contains(layer)) continue;
    freeColumn(gl, *layer);
    freed.push_back(layer);
  }
  return freed;
}

void PointCloudRenderer::setTriangles(gl::Functions& gl, std::span<const Triangle> triangles) {
  std::vector<std::uint32_t> place(numPoints());
  for (std::uint32_t i = 0; i < place.size(); ++i) place[order().order[i]] = i;
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

Result<const gl::Program*> PointCloudRenderer::programFor(gl::Functions& gl, const PointStyle& style, Shape shape) {
  using Hides = PointShaderKey::Hides;
  const PointShaderKey key{
      .layer = style.layer,
      .other = style.blend > 0 ? style.other : nullptr,
      .hides = style.hidden.none() ? Hides::Nothing : (style.hides_truth ? Hides::Truth : Hides::Prediction),
      .clips = clips(style),
      .is_mesh = shape == Shape::Mesh};
  if (const auto found = programs_.find({key, shape}); found != programs_.end()) return &found->second;
  const QString fragment = shape == Shape::Mesh ? "mesh" : (shape == Shape::Round ? "points" : "points_square");
  TAGSCAPE_ASSIGN(const QByteArray parts, layerShaderParts(key));
  TAGSCAPE_ASSIGN(auto program, gl::Program::load(gl, "points", fragment, pointShaderDefines(key), parts));
  program.bindBlock(gl, "Tables", kTablesBinding);
  return &programs_.emplace(std::pair(key, shape), std::move(program)).first->second;
}

Status PointCloudRenderer::prepare(gl::Functions& gl, const PointStyle& style) {
  for (const Shape shape : {Shape::Round, Shape::Square}) TAGSCAPE_TRY(programFor(gl, style, shape));
  return {};
}

void PointCloudRenderer::updateTables(gl::Functions& gl, const PointStyle& style) {
  std::vector<float> values;
  values.reserve(std::size_t{2} * kNumTableRows * 4);
  for (const ColorLayer* layer : {style.layer, style.other ? style.other : &ownColors()}) {
    for (const Eigen::Vector4f& row : colorTable(*layer, style.heat_map, style.palette, style.label_colors))
      values.insert(values.end(), row.data(), row.data() + 4);
  }
  gl.glBindBufferBase(GL_UNIFORM_BUFFER, kTablesBinding, tables_.id());
  if (values == table_values_) return;
  gl.glBufferData(
      GL_UNIFORM_BUFFER, static_cast<GLsizeiptr>(values.size() * sizeof(float)), values.data(), GL_DYNAMIC_DRAW);
  table_values_ = std::move(values);
}

void PointCloudRenderer::use(gl::Functions& gl,
                             const gl::Program& program,
                             const Eigen::Matrix4f& clip_from_world,
                             const PointStyle& style) {
  updateTables(gl, style);
  program.use(gl);
  program.set(gl, "u_clip_from_world", clip_from_world);
  program.set(gl, "u_range_a", rangeUniform(style.range));
  program.set(gl, "u_range_b", rangeUniform(style.other_range));
  program.set(gl, "u_threshold", style.threshold);
  program.set(gl, "u_blend", style.blend);
  program.set(gl, "u_hidden", static_cast<std::uint32_t>(style.hidden.to_ulong()));
  const Eigen::AlignedBox3f everywhere(Eigen::Vector3f::Constant(-kUnbounded), Eigen::Vector3f::Constant(kUnbounded));
  const Eigen::AlignedBox3f box = style.clip_box_m.value_or(everywhere);
  program.set(gl, "u_box_low", Eigen::Vector3f(box.min()));
  program.set(gl, "u_box_high", Eigen::Vector3f(box.max()));
  program.set(gl, "u_plane", style.clip_plane.value_or(Eigen::Vector4f(0, 0, 0, 1)));
  gl.glEnable(GL_DEPTH_TEST);
  gl.glDisable(GL_BLEND);
}

Status PointCloudRenderer::drawMesh(gl::Functions& gl,
                                    const Eigen::Matrix4f& clip_from_world,
                                    const Eigen::Vector3f& eye_m,
                                    const PointStyle& style,
                                    bool culls_back) {
  if (num_triangles_ == 0) return {};
  TAGSCAPE_ASSIGN(const gl::Program* program, programFor(gl, style, Shape::Mesh));
  use(gl, *program, clip_from_world, style);
  const bool is_flat = !style.layer->isSmooth() || (style.other && style.blend > 0 && !style.other->isSmooth());
  program->set(gl, "u_is_flat", is_flat ? 1 : 0);
  program->set(gl, "u_is_lit", style.layer->colors == LayerColors::Own ? 1 : 0);
  program->set(gl, "u_eye", eye_m);
  culls_back ? gl.glEnable(GL_CULL_FACE) : gl.glDisable(GL_CULL_FACE);
  gl.glBindVertexArray(vertex_array_.id());
  gl.glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(num_triangles_ * 3), GL_UNSIGNED_INT, nullptr);
  gl.glBindVertexArray(0);
  gl.glDisable(GL_CULL_FACE);
  return {};
}

Status PointCloudRenderer::draw(gl::Functions& gl,
                                const Eigen::Matrix4f& clip_from_world,
                                float px_per_unit,
                                const PointStyle& style,
                                const DrawRanges& ranges) {
  if (ranges.num_points == 0) return {};
  TAGSCAPE_ASSIGN(const gl::Program* program, programFor(gl, style, style.is_round ? Shape::Round : Shape::Square));
  use(gl, *program, clip_from_world, style);
  const bool in_px = style.diameter_px > 0;
  program->set(gl, "u_size_m", in_px ? 0.F : style.diameter_m);
  program->set(gl, "u_size_px", in_px ? style.diameter_px : 0.F);
  program->set(gl, "u_px_per_unit", px_per_unit);
  program->set(gl, "u_max_size_px", style.max_size_px);
  gl.glEnable(GL_PROGRAM_POINT_SIZE);
  gl.glBindVertexArray(vertex_array_.id());
  gl.glMultiDrawArrays(GL_POINTS, ranges.first.data(), ranges.count.data(), static_cast<GLsizei>(ranges.first.size()));
  gl.glBindVertexArray(0);
  return {};
}

std::size_t PointCloudRenderer::numBytes() const { return numPoints() * bytesAPoint(); }

}  // namespace tagscape
