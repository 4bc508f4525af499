#include "core/pipeline/point_truth.h"

#include "core/geometry/reference_depth.h"
#include "core/geometry/visibility.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

namespace tagscape {
namespace {

using Votes = std::array<std::uint32_t, kNumClasses>;

std::uint8_t mostVoted(const Votes& votes) {
  const auto most = std::ranges::max_element(votes);
  return *most == 0 ? kNoClass : static_cast<std::uint8_t>(most - votes.begin());
}

}  // namespace

Status visitLabelledPixels(const Scene& scene,
                           const Job& job,
                           const std::function<void(std::size_t vertex, std::uint8_t label)>& visit) {
  ReferenceDepth depth(scene);
  VisibilityResult seen;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop("the evaluation"));
    const Frame& frame = scene.frames[i];
    if (!frame.has_labels || !frame.world_from_camera) continue;
    const auto labels = scene.pixels->labels(i);
    const auto view = depth.of(i);
    if (!labels || !view) continue;
    const float right = static_cast<float>(labels->width) / static_cast<float>(scene.color_intrinsics.width);
    const float down = static_cast<float>(labels->height) / static_cast<float>(scene.color_intrinsics.height);
    computeVisibility(scene.points().positions_m,
                      {frame.world_from_camera, scene.color_intrinsics, view->camera, &view->image},
                      {},
                      seen);
    for (std::size_t vertex = 0; vertex < seen.reason.size(); ++vertex) {
      if (seen.reason[vertex] != Visibility::Visible) continue;
      const Eigen::Vector2f& pixel = seen.pixel[vertex];
      const int u = std::clamp(static_cast<int>((pixel.x() + .5F) * right), 0, labels->width - 1);
      const int v = std::clamp(static_cast<int>((pixel.y() + .5F) * down), 0, labels->height - 1);
      visit(vertex, labels->at(u, v));
    }
  }
  return {};
}

Result<std::vector<std::uint8_t>> truthOfPoints(const Scene& scene, const Job& job) {
  if (!scene.point_labels.empty()) return scene.point_labels;
  if (std::ranges::none_of(scene.frames, &Frame::has_labels)) return std::vector<std::uint8_t>{};
  std::vector<Votes> votes(scene.points().size(), Votes{});
  TAGSCAPE_TRY(visitLabelledPixels(scene, job, [&](std::size_t vertex, std::uint8_t label) {
    if (label < kNumClasses) ++votes[vertex][label];
  }));
  std::vector<std::uint8_t> truth(votes.size());
  std::ranges::transform(votes, truth.begin(), mostVoted);
  if (std::ranges::all_of(truth, [](std::uint8_t label) { return label == kNoClass; })) truth.clear();
  return truth;
}

Result<SharedScene> withTruthOfPoints(const SharedScene& scene, const Job& job) {
  if (!scene->point_labels.empty()) return scene;
  TAGSCAPE_ASSIGN(auto truth, truthOfPoints(*scene, job));
  if (truth.empty()) return scene;
  auto copy = std::make_shared<Scene>(*scene);
  copy->point_labels = std::move(truth);
  return SharedScene(std::move(copy));
}

}  // namespace tagscape
