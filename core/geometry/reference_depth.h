#pragma once

#include "core/geometry/render_depth.h"
#include "core/scene/scene.h"

#include <memory>
#include <optional>

namespace tagscape {

/// A depth image to compare points with, and the camera that it belongs to.
struct DepthView {
  DepthImage image;
  Intrinsics camera;
};

/// The depth by which a frame decides what it sees: what its sensor measured; for a frame without a depth map, what the
/// scan's surface looks like from there; for a cloud without a surface, its points as discs. Keeps the search tree over
/// the surface between frames. Used by one thread at a time.
class ReferenceDepth {
 public:
  explicit ReferenceDepth(SharedScene scene) : scene_(std::move(scene)) {}

  /// Errors: NotFound if the frame has no pose and no depth map; those of FrameSource::depth for a map that is broken
  /// (it is not replaced by a rendering: a person should know).
  [[nodiscard]] Result<DepthView> of(std::size_t frame_index);

 private:
  [[nodiscard]] Result<DepthView> rendered(const Pose& world_from_camera);

  SharedScene scene_;
  std::optional<DepthRenderer> renderer_;
};

}  // namespace tagscape
