#pragma once

#include "core/scene/point_cloud.h"
#include "ui/gl/objects.h"
#include "ui/gl/program.h"

#include <Eigen/Core>

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

enum class PointColoring { Own, Heat, Class };

/// How points are drawn; changing any of it uploads nothing.
struct PointStyle {
  PointColoring coloring = PointColoring::Own;
  float threshold = 0;       ///< Values below keep a dimmed own colour (Heat only).
  float diameter_m = 0.02F;  ///< Size in the world, at least one pixel on screen.
  float max_size_px = 12;    ///< Device pixels.
  bool is_round = true;      ///< Discs rather than squares; squares are faster.
};

/// Draws a point cloud, or the mesh over it, from two buffers: positions with colours (16 bytes a point), written once
/// a cloud, and one value a point, written when values change; a mesh adds 12 bytes a triangle. Points lie in a random
/// order, so that any first part of them is a fair sample of the whole: a slow machine draws a part while the camera
/// moves. Lives and dies with a current context.
class PointCloudRenderer {
 public:
  /// Errors: Internal if the shaders do not compile.
  [[nodiscard]] static Result<PointCloudRenderer> create(gl::Functions& gl);

  /// Uploads positions and colours (white where there are none) and forgets all values.
  void setPoints(gl::Functions& gl, const PointCloud& cloud);
  /// One value per point, in the order of the cloud; a wrong number is the caller's mistake.
  void setValues(gl::Functions& gl, std::span<const float> values);

  /// Draws the first `num_points` of the random order.
  /// @param px_per_unit  device pixels that one metre covers at one metre distance.
  void draw(gl::Functions& gl,
            const Eigen::Matrix4f& clip_from_world,
            float px_per_unit,
            const PointStyle& style,
            std::size_t num_points) const;

  /// The triangles of a mesh over the points that were set; forgotten with them.
  void setTriangles(gl::Functions& gl, std::span<const Triangle> triangles);
  /// @param culls_back  whether triangles are seen from their front only: one looks into a room through its walls.
  void drawMesh(gl::Functions& gl,
                const Eigen::Matrix4f& clip_from_world,
                const Eigen::Vector3f& eye_m,
                const PointStyle& style,
                bool culls_back) const;

  [[nodiscard]] std::size_t numPoints() const { return order_.size(); }
  [[nodiscard]] std::size_t numTriangles() const { return num_triangles_; }
  /// order()[i] is the index in the cloud of the point that is drawn as the i-th.
  [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }
  /// How often positions were uploaded; a test holds that a change of colour does not.
  [[nodiscard]] int numPositionUploads() const { return num_position_uploads_; }

 private:
  PointCloudRenderer(gl::Program round, gl::Program square, gl::Program mesh)
      : round_(std::move(round)), square_(std::move(square)), mesh_(std::move(mesh)) {}
  static void useWith(gl::Functions& gl,
                      const gl::Program& program,
                      const Eigen::Matrix4f& clip_from_world,
                      const PointStyle& style);

  gl::Program round_;
  gl::Program square_;
  gl::Program mesh_;
  gl::VertexArray vertex_array_;
  gl::Buffer vertices_;
  gl::Buffer values_;
  gl::Buffer corners_;
  std::size_t num_triangles_ = 0;
  std::vector<std::uint32_t> order_;
  int num_position_uploads_ = 0;
};

}  // namespace tagscape
