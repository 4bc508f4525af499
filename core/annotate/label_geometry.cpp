#include "core/annotate/label_geometry.h"

#include "core/geometry/render_depth.h"
#include "core/geometry/surface_superpoints.h"

#include <algorithm>
#include <array>

namespace tagscape {
namespace {

/// From pieces of a cushion to whole pieces of furniture; thresholds as for ScanNet's own segments in the middle.
constexpr std::array<SuperpointOptions, 4> kLevels{{{0.003F, 20}, {0.01F, 50}, {0.03F, 150}, {0.1F, 400}}};

Result<std::vector<std::vector<std::uint32_t>>> superpointsOf(const Scene& scene, const Job& job) {
  if (!scene.mesh.triangles.empty()) return surfaceSuperpoints(scene.mesh, kLevels);
  TAGSCAPE_ASSIGN(const auto normals, vertexNormals(scene.mesh, job));
  return superpointsByNormals(scene.points(), normals, kLevels, job);
}

}  // namespace

SuperpointLevel::SuperpointLevel(std::vector<std::uint32_t> of_point) : of_point_(std::move(of_point)) {
  const std::uint32_t count = of_point_.empty() ? 0 : *std::max_element(of_point_.begin(), of_point_.end()) + 1;
  begin_.assign(count + 1, 0);
  for (const std::uint32_t superpoint : of_point_) ++begin_[superpoint + 1];
  for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  points_.resize(of_point_.size());
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (std::uint32_t i = 0; i < of_point_.size(); ++i) points_[next[of_point_[i]]++] = i;
}

Result<std::shared_ptr<const LabelGeometry>> makeLabelGeometry(const SharedScene& scene, const Job& job) {
  constexpr float kMinReach_m = 0.01F;
  auto geometry = std::make_shared<LabelGeometry>();
  geometry->scene = scene;
  const float reach_m = std::max(kMinReach_m, 2 * meshSpacing_m(scene->mesh));
  geometry->neighbours = std::make_unique<const PointNeighbours>(scene->points().positions_m, reach_m);
  TAGSCAPE_TRY(job.checkStop("Preparing the scene for labelling"));
  TAGSCAPE_ASSIGN(auto levels, superpointsOf(*scene, job));
  for (auto& of_point : levels) geometry->levels.emplace_back(std::move(of_point));
  return geometry;
}

}  // namespace tagscape
