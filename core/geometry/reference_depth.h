#pragma once

#include "core/geometry/depth_source.h"
#include "core/geometry/render_depth.h"
#include "core/scene/scene.h"

#include <mutex>
#include <optional>

namespace tagscape {

/// A depth image to compare points with, and the camera that it belongs to.
struct DepthView {
  DepthImage image;
  Intrinsics camera;
};

/// The depth by which a frame decides what it sees: what its sensor measured, or what the scan's surface looks like
/// from there; for a cloud without a surface, its points as discs. Keeps the search tree over the surface between
/// frames. Safe to call from several threads at once.
class ReferenceDepth {
 public:
  /// @param scene  must outlive this.
  explicit ReferenceDepth(const Scene& scene, DepthSource source = DepthSource::Auto)
      : scene_(scene), source_(source) {}

  [[nodiscard]] DepthSource source() const { return source_; }

  /// Errors: NotFound if the frame has not what the source needs (a depth map; a pose for a rendering); those of
  /// FrameSource::depth for a map that is broken (it is not replaced by a rendering, so that the user learns of it).
  [[nodiscard]] Result<DepthView> of(std::size_t frame_index);

 private:
  [[nodiscard]] Result<DepthView> rendered(const Pose& world_from_camera);
  void prepareSurface();

  const Scene& scene_;
  DepthSource source_;
  std::once_flag surface_made_;
  float spacing_m_ = 0;
  std::optional<Result<DepthRenderer>> renderer_;  ///< None for a cloud without triangles.
};

}  // namespace tagscape
