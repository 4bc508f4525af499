#include "core/exchange/label_sources.h"
#include "core/geometry/project_values.h"
#include "core/geometry/reference_depth.h"
#include "core/geometry/render_depth.h"
#include "core/geometry/visibility.h"

#include <cmath>
#include <numeric>

namespace tagscape {
namespace {

class ProjectedFrames : public LayerFrames {
 public:
  ProjectedFrames(SharedScene scene, std::shared_ptr<const LayerPoints> points)
      : scene_(std::move(scene)),
        points_(std::move(points)),
        depth_(*scene_),
        spacing_m_(meshSpacing_m(scene_->mesh)),
        rows_(points_->size()) {
    // Rows of points as values: a float tells 16 million of them apart, and the rest is the next smaller one.
    std::iota(rows_.begin(), rows_.end(), 0.F);
    for (std::size_t i = 0; i < scene_->frames.size(); ++i) {
      const Frame& frame = scene_->frames[i];
      if (frame.world_from_camera && (frame.has_depth || frame.has_color)) indices_.push_back(i);
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& indices() const override { return indices_; }

  [[nodiscard]] Result<LayerFrame> read(std::size_t frame_index) const override {
    TAGSCAPE_ASSIGN(const DepthView depth, depth_.of(frame_index));
    const Intrinsics& camera = scene_->color_intrinsics;
    const VisibilityResult seen =
        computeVisibility(scene_->points().positions_m,
                          {scene_->frames[frame_index].world_from_camera, camera, depth.camera, &depth.image});
    const Image<float> points = projectValues(seen, rows_, camera, camera.width, camera.height, spacing_m_);
    const bool has_instances = !points_->instances.empty();
    LayerFrame frame{{camera.width, camera.height, 1, kUnlabelled}, {camera.width, camera.height, 1, 0.F}, {}};
    if (has_instances) frame.instances = {camera.width, camera.height, 1, 0U};
    for (std::size_t pixel = 0; pixel < points.pixels.size(); ++pixel) {
      if (std::isnan(points.pixels[pixel])) continue;
      const auto point = static_cast<std::size_t>(points.pixels[pixel]);
      frame.classes.pixels[pixel] = points_->classes[point];
      frame.confidence.pixels[pixel] = points_->confidenceOf(point);
      if (has_instances) frame.instances.pixels[pixel] = points_->instances[point];
    }
    return frame;
  }

 private:
  SharedScene scene_;
  std::shared_ptr<const LayerPoints> points_;
  mutable ReferenceDepth depth_;  // safe from several threads
  float spacing_m_;
  std::vector<float> rows_;
  std::vector<std::size_t> indices_;
};

}  // namespace

std::shared_ptr<const LayerFrames> projectedFrames(const SharedScene& scene,
                                                   std::shared_ptr<const LayerPoints> points) {
  return std::make_shared<ProjectedFrames>(scene, std::move(points));
}

}  // namespace tagscape
