#include "core/synth/fused_surface.h"

#include "core/geometry/fuse.h"
#include "core/geometry/point_operators.h"
#include "core/scene/scene.h"

#include <fmt/format.h>

#include <memory>
#include <utility>
#include <vector>

namespace tagscape::synth {
namespace {

/// Renders a view when it is asked for; the same view is the same picture.
class RenderedViews final : public FrameSource {
 public:
  RenderedViews(const Room& room,
                const RayCaster& caster,
                std::span<const Pose> views,
                const Intrinsics& camera,
                const SensorOptions& sensor,
                const Random& random)
      : room_(room), caster_(caster), views_(views), camera_(camera), sensor_(sensor), random_(random) {}

  Result<RgbImage> color(std::size_t index) const override { return render(index).color; }
  Result<DepthImage> depth(std::size_t index) const override {
    const RenderedFrame frame = render(index);
    DepthImage depth_m(frame.depth_mm.width, frame.depth_mm.height, 1);
    for (std::size_t i = 0; i < depth_m.pixels.size(); ++i)
      depth_m.pixels[i] = static_cast<float>(frame.depth_mm.pixels[i]) / 1000;
    return depth_m;
  }

 private:
  [[nodiscard]] RenderedFrame render(std::size_t index) const {
    return renderFrame(
        room_, caster_, camera_, views_[index], sensor_, random_.fork(fmt::format("fused view {}", index)));
  }

  const Room& room_;
  const RayCaster& caster_;
  std::span<const Pose> views_;
  const Intrinsics& camera_;
  const SensorOptions& sensor_;
  const Random& random_;
};

}  // namespace

Result<SurfaceMesh> fuseSurface(const Room& room,
                                const RayCaster& caster,
                                std::span<const Pose> views,
                                const Intrinsics& camera,
                                const SensorOptions& sensor,
                                double edge_m,
                                const Random& random,
                                const Job& job) {
  Scene scan;
  scan.name = "scan of a generated room";
  scan.color_intrinsics = scan.depth_intrinsics = camera;
  for (std::size_t i = 0; i < views.size(); ++i) {
    Frame& frame = scan.frames.emplace_back();
    frame.number = static_cast<int>(i);
    frame.world_from_camera = views[i];
    frame.has_color = frame.has_depth = true;
  }
  scan.pixels = std::make_shared<const RenderedViews>(room, caster, views, camera, sensor, random);
  constexpr double kTruncationPerVoxel = 4;
  TAGSCAPE_ASSIGN(FuseReport fused,
                  fuseFrames(scan, {.voxel_m = edge_m, .truncation_m = kTruncationPerVoxel * edge_m}, job));

  // Samples of the true surface, close enough to tell which object is nearest.
  const SurfaceOptions exact{.edge_m = edge_m, .is_noisy = false, .noise_m = 0};
  const SurfaceMesh truth = reconstructSurface(room, caster, {}, camera, exact, random.fork("truth"), job);
  TAGSCAPE_TRY(job.checkStop("Making the surface"));
  const PointGrid grid(truth.mesh.vertices.positions_m, static_cast<float>(edge_m));
  const auto nearest = grid.nearest(fused.mesh.vertices.positions_m, 1);
  SurfaceMesh surface;
  surface.mesh = std::move(fused.mesh);
  for (const std::uint32_t vertex : nearest.index) {
    surface.objects.push_back(truth.objects[vertex]);
    surface.segments.push_back(truth.segments[vertex]);
  }
  return surface;
}

}  // namespace tagscape::synth
