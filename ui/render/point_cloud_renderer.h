#pragma once

#include "core/scene/point_cloud.h"
#include "ui/gl/objects.h"
#include "ui/gl/program.h"
#include "ui/render/draw_order.h"
#include "ui/render/point_style.h"

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
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

/// What is known of each point besides its place and own colours; one number a point, sent when it becomes known or
/// another. The first four take a byte, the others two: with the cloud itself 24 bytes a point where all are there.
enum class PointColumn : std::uint8_t {
  Prediction,  ///< Class, kNoClass for none.
  Confidence,  ///< 0 … 255 for 0 … 1.
  Segment,     ///< Row of its colour.
  Reason,      ///< Visibility.
  Cam,         ///< 0 … kFullValue for 0 … 1.
  Lifted,      ///< The same, kUnseenValue where no frame sees the point.
};
inline constexpr int kNumColumns = 6;
inline constexpr std::uint16_t kFullValue = 65534;
inline constexpr std::uint16_t kUnseenValue = 65535;

/// Draws a point cloud, or the mesh over it (12 bytes a triangle more). Which layer colours the points, thresholds,
/// ranges and hidden classes are the shader's: changing them sends nothing but a table of colours. Lives and dies with
/// a current context.
class PointCloudRenderer {
 public:
  [[nodiscard]] static Result<PointCloudRenderer> create(gl::Functions& gl);

  /// Uploads positions and colours, and forgets all columns and triangles.
  void setPoints(gl::Functions& gl, std::shared_ptr<const PackedCloud> cloud);
  /// One number per point, in the order of the cloud; a wrong number is the caller's mistake.
  void setColumn(gl::Functions& gl, PointColumn column, std::span<const std::uint8_t> values);
  void setColumn(gl::Functions& gl, PointColumn column, std::span<const std::uint16_t> values);
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
  void uploadColumn(gl::Functions& gl, PointColumn column, const void* values, std::size_t value_bytes);

  std::map<std::uint32_t, gl::Program> programs_;  ///< By what they were compiled for.
  gl::VertexArray vertex_array_;
  gl::Buffer vertices_;
  gl::Buffer corners_;
  gl::Buffer tables_;
  std::array<gl::Buffer, kNumColumns> columns_;
  std::array<std::size_t, kNumColumns> column_bytes_{};
  std::size_t num_triangles_ = 0;
  std::shared_ptr<const PackedCloud> cloud_;
  DrawOrder no_order_;
  std::vector<float> table_values_;  ///< As sent last.
  int num_position_uploads_ = 0;
};

}  // namespace tagscape
