#pragma once

#include "core/scene/point_cloud.h"
#include "ui/gl/objects.h"
#include "ui/gl/program.h"
#include "ui/render/draw_order.h"
#include "ui/render/point_shaders.h"
#include "ui/render/point_style.h"

#include <Eigen/Core>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace tagscape {

/// A cloud in GPU layout: 16 bytes per point, in draw order.
struct PackedCloud {
  struct Vertex {
    float position_m[3];
    std::uint8_t rgb[3];
    std::uint8_t truth;  ///< Class, kNoClass for none.
  };
  std::vector<Vertex> vertices;
  DrawOrder order;
  float spacing_m = 0;  ///< Typical distance of neighbouring points.
};
static_assert(sizeof(PackedCloud::Vertex) == 16);

/// Points of a cloud without colours are light grey. Thread-safe. @param truth  [N] classes, or empty.
[[nodiscard]] PackedCloud packCloud(const Mesh& mesh, std::span<const std::uint8_t> truth);

/// The memory limit per point on the GPU, with the columns of layers.
inline constexpr std::size_t kMaxBytesAPoint = 24;

/// Draws a point cloud, or the mesh over it (12 bytes more per triangle). The colour layer, thresholds, ranges and
/// hidden classes are evaluated in the shader: changing them uploads only a table of colours. Must be created and
/// destroyed with a current context.
class PointCloudRenderer {
 public:
  [[nodiscard]] static Result<PointCloudRenderer> create(gl::Functions& gl);

  /// Uploads positions and colours, and discards all columns and triangles.
  void setPoints(gl::Functions& gl, std::shared_ptr<const PackedCloud> cloud);
  /// Uploads one number per point, in the order of the cloud. A std::logic_error for another size, or without room for
  /// the column.
  void setColumn(gl::Functions& gl, const ColorLayer& of, std::span<const std::uint8_t> values);
  void setColumn(gl::Functions& gl, const ColorLayer& of, std::span<const std::uint16_t> values);
  /// Sends anew what a column of bytes has for some points; it must be there.
  /// @param values  of all points, in the order of the cloud.
  /// Cost: that of the points and of those that are stored between them; the first time O(N).
  void patchColumn(gl::Functions& gl,
                   const ColorLayer& of,
                   std::span<const std::uint8_t> values,
                   std::span<const std::uint32_t> points);
  /// Whether the column of a layer has been sent.
  [[nodiscard]] bool hasColumn(const ColorLayer& of) const { return columns_.at(&of).bytes_a_point > 0; }
  /// Whether the column of a layer is uploaded, or fits beside the others.
  [[nodiscard]] bool hasRoomFor(const ColorLayer& of) const;
  /// Frees columns that are not in `kept` until there is room. @return their layers.
  std::vector<const ColorLayer*> makeRoomFor(gl::Functions& gl,
                                             const ColorLayer& of,
                                             const std::set<const ColorLayer*>& kept);
  /// The triangles of a mesh over the points of the last setPoints().
  void setTriangles(gl::Functions& gl, std::span<const Triangle> triangles);

  /// Draws these points. Writes colours to output 0 and 1 + index in the draw order to output 1.
  /// @param px_per_unit  device pixels per metre at a distance of 1 m.
  /// Errors: Internal if a shader does not compile.
  [[nodiscard]] Status draw(gl::Functions& gl,
                            const Eigen::Matrix4f& clip_from_world,
                            float px_per_unit,
                            const PointStyle& style,
                            const DrawRanges& ranges);
  /// Draws the triangles. Writes 1 + index of the triangle to output 1.
  /// @param culls_back  whether back faces are culled, so that rooms can be seen into from outside.
  [[nodiscard]] Status drawMesh(gl::Functions& gl,
                                const Eigen::Matrix4f& clip_from_world,
                                const Eigen::Vector3f& eye_m,
                                const PointStyle& style,
                                bool culls_back);
  /// Compiles the shaders of `style` in advance.
  [[nodiscard]] Status prepare(gl::Functions& gl, const PointStyle& style);

  [[nodiscard]] std::size_t numPoints() const { return cloud_ ? cloud_->order.size() : 0; }
  [[nodiscard]] std::size_t numTriangles() const { return num_triangles_; }
  [[nodiscard]] const DrawOrder& order() const { return cloud_ ? cloud_->order : no_order_; }
  /// Number of uploads of positions so far, for tests.
  [[nodiscard]] int numPositionUploads() const { return num_position_uploads_; }
  /// GPU memory of the points, without triangles.
  [[nodiscard]] std::size_t numBytes() const;

 private:
  enum class Shape { Round, Square, Mesh };

  PointCloudRenderer() = default;
  [[nodiscard]] Result<const gl::Program*> programFor(gl::Functions& gl, const PointStyle& style, Shape shape);
  void use(gl::Functions& gl,
           const gl::Program& program,
           const Eigen::Matrix4f& clip_from_world,
           const PointStyle& style);
  void updateTables(gl::Functions& gl, const PointStyle& style);
  void uploadColumn(gl::Functions& gl, const ColorLayer& of, const void* values, std::size_t value_bytes);
  [[nodiscard]] std::size_t bytesAPoint() const;
  void freeColumn(gl::Functions& gl, const ColorLayer& of);

  struct Column {
    gl::Buffer buffer;
    std::size_t bytes_a_point = 0;  ///< 0: not uploaded.
  };

  std::map<std::pair<PointShaderKey, Shape>, gl::Program> programs_;  ///< By what they are compiled for.
  gl::VertexArray vertex_array_;
  gl::Buffer vertices_;
  gl::Buffer corners_;
  gl::Buffer tables_;
  std::map<const ColorLayer*, Column> columns_;  ///< Of every layer with a column of its own.
  std::vector<std::uint32_t> places_;            ///< [N] in the draw order; made when a column is patched first.
  std::size_t num_triangles_ = 0;
  std::shared_ptr<const PackedCloud> cloud_;
  DrawOrder no_order_;
  std::vector<float> table_values_;  ///< As last uploaded.
  int num_position_uploads_ = 0;
};

}  // namespace tagscape
