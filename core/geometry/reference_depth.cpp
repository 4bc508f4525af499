#include "core/geometry/reference_depth.h"

#include <algorithm>

namespace tagscape {
namespace {

/// Depth need not be finer than the points are apart: a large colour image is halved until it is small.
Intrinsics cameraForRendering(const Intrinsics& color) {
  constexpr int kWidest_px = 800;
  Intrinsics camera = color;
  while (camera.width > kWidest_px)
    camera = camera.resizedTo(std::max(1, camera.width / 2), std::max(1, camera.height / 2));
  return camera;
}

}  // namespace

Result<DepthView> ReferenceDepth::of(std::size_t frame_index) {
  const Frame& frame = scene_.frames.at(frame_index);
  const bool is_measured = frame.has_depth && scene_.pixels;
  if (is_measured && source_ != DepthSource::Surface) {
    TAGSCAPE_ASSIGN(auto measured, scene_.pixels->depth(frame_index));
    return DepthView{std::move(measured), scene_.depth_intrinsics};
  }
  if (source_ == DepthSource::Sensor)
    return fail(ErrorCode::NotFound, "This frame has no depth map. Take the depth from the surface instead");
  if (!frame.world_from_camera) {
    return fail(ErrorCode::NotFound,
                is_measured ? "Where this frame was taken is not known, so the surface cannot be rendered from there"
                            : "This frame has neither a depth map nor a pose");
  }
  return rendered(*frame.world_from_camera);
}

void ReferenceDepth::prepareSurface() {
  if (scene_.mesh.triangles.empty()) {
    spacing_m_ = meshSpacing_m(scene_.mesh);
  } else {
    renderer_ = DepthRenderer::create(scene_.mesh);
  }
}

Result<DepthView> ReferenceDepth::rendered(const Pose& world_from_camera) {
  const Intrinsics camera = cameraForRendering(scene_.color_intrinsics);
  std::call_once(surface_made_, [this] { prepareSurface(); });
  if (!renderer_) {
    return DepthView{splatDepth(scene_.points().positions_m, world_from_camera, camera, spacing_m_), camera};
  }
  if (!*renderer_) return fail(renderer_->error());
  return DepthView{(*renderer_)->render(world_from_camera, camera), camera};
}

}  // namespace tagscape
