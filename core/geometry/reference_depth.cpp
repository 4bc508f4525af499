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
  const Frame& frame = scene_->frames.at(frame_index);
  if (frame.has_depth && scene_->pixels) {
    TAGSCAPE_ASSIGN(auto measured, scene_->pixels->depth(frame_index));
    return DepthView{std::move(measured), scene_->depth_intrinsics};
  }
  if (!frame.world_from_camera) return fail(ErrorCode::NotFound, "This frame has neither a depth map nor a pose");
  return rendered(*frame.world_from_camera);
}

Result<DepthView> ReferenceDepth::rendered(const Pose& world_from_camera) {
  const Intrinsics camera = cameraForRendering(scene_->color_intrinsics);
  if (scene_->mesh.triangles.empty()) {
    const auto& points = scene_->points().positions_m;
    return DepthView{splatDepth(points, world_from_camera, camera, meshSpacing_m(scene_->mesh)), camera};
  }
  if (!renderer_) {
    TAGSCAPE_ASSIGN(renderer_, DepthRenderer::create(scene_->mesh));
  }
  return DepthView{renderer_->render(world_from_camera, camera), camera};
}

}  // namespace tagscape
