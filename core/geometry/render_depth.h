#pragma once

#include "core/base/result.h"
#include "core/scene/camera.h"
#include "core/scene/image.h"
#include "core/scene/point_cloud.h"

#include <Eigen/Core>

#include <memory>
#include <span>

namespace tagscape {

/// Renders the depth of a surface as a frame of it would measure it: the reference for visibility where a frame has no
/// depth of its own. Rays go through pixel centres. Safe to call from several threads at once.
/// Source: Embree, used directly: Debian's Embree honours ray masks, which Open3D 0.16's RaycastingScene leaves at 0,
/// so that its rays never hit.
class DepthRenderer {
 public:
  /// Errors: InvalidInput if the mesh has no triangles; Internal if Embree has no memory for it. Cost: builds a search
  /// tree over the triangles.
  [[nodiscard]] static Result<DepthRenderer> create(const Mesh& mesh);
  DepthRenderer(DepthRenderer&&) noexcept;
  DepthRenderer& operator=(DepthRenderer&&) noexcept;
  ~DepthRenderer();

  /// Metres along the viewing axis, 0 where a ray meets nothing.
  [[nodiscard]] DepthImage render(const Pose& world_from_camera, const Intrinsics& camera) const;

 private:
  struct Impl;
  explicit DepthRenderer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The same for points without a surface: every point covers a disc as wide as their spacing, the nearest wins.
/// @param spacing_m  typical distance between neighbouring points.
[[nodiscard]] DepthImage splatDepth(std::span<const Eigen::Vector3f> points_in_world,
                                    const Pose& world_from_camera,
                                    const Intrinsics& camera,
                                    float spacing_m);

/// Typical distance of a point to its nearest neighbour: the median over about `num_samples` points spread over the
/// cloud, each compared with all others. 0 for fewer than two points; points that are not finite are ignored.
/// Cost: num_samples × N, about 0.1 s for a million points.
[[nodiscard]] float pointSpacing_m(std::span<const Eigen::Vector3f> points, std::size_t num_samples = 128);

/// The same for a mesh, whose edges tell it faster: their median, sampled. Clouds without triangles fall back to
/// pointSpacing_m. Kept within 2 mm and 20 cm, so that it can size what is drawn.
[[nodiscard]] float meshSpacing_m(const Mesh& mesh);

}  // namespace tagscape
