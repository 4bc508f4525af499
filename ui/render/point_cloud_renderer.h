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

/// A cloud as it lies on the GPU: 16 bytes a point, in the draw order.
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

/// @param truth  [N] classes, or empty. Colours are a light grey where the cloud has none. Safe from any thread.
[[nodiscard]] PackedCloud packCloud(const Mesh& mesh, std::span<const std::uint8_t> truth);

/// What a point may take on the GPU, with the columns of layers.
inline constexpr std::size_t kMaxBytesAPoint = 24;

/// Draws a point cloud, or the mesh over it (12 bytes a triangle more). Which layer colours the points, thresholds,
/// ranges and hidden classes are the shader's: changing them sends nothing but a table of colours. Lives and dies with
/// a current context.
class PointCloudRenderer {
 public:
  [[nodiscard]] static Result<PointCloudRenderer> create(gl::Functions& gl);

  /// Uploads positions and colours, and forgets all columns and triangles.
  void setPoints(gl::Functions& gl, std::shared_ptr<const PackedCloud> cloud);
  /// One number per point, in the order of the cloud; a wrong number is the caller's mistake, and so is a column that
  /// there is no room for.
  void setColumn(gl::Functions& gl, const ColorLayer& of, std::span<const std::uint8_t> values);
  void setColumn(gl::Functions& gl, const ColorLayer& of, std::span<const std::uint16_t> values);
  /// Whether the column of a layer is there, or fits beside those that are.
  [[nodiscard]] bool hasRoomFor(const ColorLayer& of) const;
  /// Frees columns, but none that is in `kept`, until there is room. Returns whose they were.
  std::vector<const ColorLayer*> makeRoomFor(gl::Functions& gl,
                                             const ColorLayer& of,
                                             const std::set<const ColorLayer*>& kept);
  /// The triangles of a mesh over the points that were set; forgotten with them.
  void setTriangles(gl::Functions& gl, std::span<const Triangle> triangles);

  /// Draws these points. Writes colours to output 0 and place in the draw order + 1 to output 1.
  /// @param px_per_unit  device pixels that one metre covers at one metre distance.
  /// Errors: Internal if a shader does not compile.
  [[nodiscard]] Status draw(gl::Functions& gl,
                            const Eigen::Matrix4f& clip_from_world,
                            float px_per_unit,
                            const PointStyle& style,
                            const DrawRanges& ranges);
  /// Draws the triangles. Writes the number of the triangle + 1 to output 1.
  /// @param culls_back  whether triangles are seen from their front only: one looks into a room through its walls.
  [[nodiscard]] Status drawMesh(gl::Functions& gl,
                                const Eigen::Matrix4f& clip_from_world,
                                const Eigen::Vector3f& eye_m,
                                const PointStyle& style,
                                bool culls_back);
  /// Compiles what `style` needs, so that its first picture does not wait for it.
  [[nodiscard]] Status prepare(gl::Functions& gl, const PointStyle& style);

  [[nodiscard]] std::size_t numPoints() const { return cloud_ ? cloud_->order.size() : 0; }
  [[nodiscard]] std::size_t numTriangles() const { return num_triangles_; }
  [[nodiscard]] const DrawOrder& order() const { return cloud_ ? cloud_->order : no_order_; }
  /// How often positions were uploaded; a test holds that a change of colour does not.
  [[nodiscard]] int numPositionUploads() const { return num_position_uploads_; }
  /// What points take on the GPU, without triangles.
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
    std::size_t bytes_a_point = 0;  ///< 0: not sent.
  };

  std::map<std::pair<PointShaderKey, Shape>, gl::Program> programs_;  ///< By what they were compiled for.
  gl::VertexArray vertex_array_;
  gl::Buffer vertices_;
  gl::Buffer corners_;
  gl::Buffer tables_;
  std::map<const ColorLayer*, Column> columns_;  ///< Of every layer that has one to be sent.
  std::size_t num_triangles_ = 0;
  std::shared_ptr<const PackedCloud> cloud_;
  DrawOrder no_order_;
  std::vector<float> table_values_;  ///< As sent last.
  int num_position_uploads_ = 0;
};

}  // namespace tagscape
