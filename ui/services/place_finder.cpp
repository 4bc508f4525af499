#include "ui/services/place_finder.h"

#include "core/geometry/render_depth.h"

#include <algorithm>

namespace tagscape {
namespace {

constexpr float kMinReach_m = .05F;  // Search radius around a surface position.

}  // namespace

PlaceFinder::PlaceFinder(Document& document, QObject* parent) : QObject(parent), document_(document) {
  connect(&document, &Document::sceneChanged, this, &PlaceFinder::indexScene);
}

void PlaceFinder::indexScene() {
  runner_.drop();
  lookup_.reset();
  scene_ = document_.scene();
  if (!scene_) return;
  using SharedLookup = std::shared_ptr<const PointLookup>;
  runner_.start<SharedLookup>(
      [scene = scene_](const Job&) -> Result<SharedLookup> {
        const float reach_m = std::max(kMinReach_m, 2 * meshSpacing_m(scene->mesh));
        return std::make_shared<const PointLookup>(scene->points().positions_m, reach_m);
      },
      [this](Result<SharedLookup> lookup) {
        if (lookup) lookup_ = *lookup;
      });
}

std::optional<std::uint32_t> PlaceFinder::nearestPoint(const Eigen::Vector3f& position_m) const {
  return lookup_ ? lookup_->nearest(position_m) : std::nullopt;
}

}  // namespace tagscape
