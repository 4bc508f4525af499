#include "core/geometry/lift_cams.h"

#include "core/base/parallel.h"

#include <limits>
#include <map>

namespace tagscape {
namespace {

constexpr std::size_t kGrain = 16'384;

void addFrame(const FrameCams& cams, const VisibilityResult& visibility, const Intrinsics& color, LiftedCams& sums) {
  const auto num_cells = static_cast<std::size_t>(cams.width) * static_cast<std::size_t>(cams.height);
  const CellSampler sampler = cams.sampler(color.width, color.height);
  parallelFor(visibility.reason.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (visibility.reason[i] != Visibility::Visible) continue;
      const CellBlend blend = sampler.at(visibility.pixel[i].x(), visibility.pixel[i].y());
      const auto cell = blend.cells();
      const auto weight = blend.weights();
      if (sums.num_views[i] < std::numeric_limits<std::uint16_t>::max()) ++sums.num_views[i];
      for (std::size_t c = 0; c < sums.values.size(); ++c) {
        if (sums.values[c].empty()) continue;
        const float* map = cams.values.data() + c * num_cells;
        float value = 0;
        for (std::size_t k = 0; k < 4; ++k) value += weight[k] * map[cell[k]];
        sums.values[c][i] += value;
      }
    }
  });
}

void divideByViews(LiftedCams& sums) {
  constexpr float kUnseen = std::numeric_limits<float>::quiet_NaN();
  for (auto& column : sums.values) {
    for (std::size_t i = 0; i < column.size(); ++i) {
      column[i] = sums.num_views[i] == 0 ? kUnseen : column[i] / static_cast<float>(sums.num_views[i]);
    }
  }
}

bool isUsable(const FrameCams& cams) {
  return cams.width > 0 && cams.height > 0 &&
         cams.values.size() == static_cast<std::size_t>(kNumClasses) * static_cast<std::size_t>(cams.width) *
                                   static_cast<std::size_t>(cams.height);
}

}  // namespace

Result<LiftedCams> liftCams(const Scene& scene,
                            const SceneCams& cams,
                            const TagSet& classes,
                            ReferenceDepth& depth,
                            const DepthTolerance& tolerance,
                            const Job& job) {
  const auto& points = scene.points().positions_m;
  LiftedCams lifted;
  lifted.num_views.assign(points.size(), 0);
  for (std::size_t c = 0; c < lifted.values.size(); ++c) {
    if (classes.test(c)) lifted.values[c].assign(points.size(), 0.F);
  }
  std::map<int, std::size_t> index_of;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) index_of[scene.frames[i].number] = i;
  VisibilityResult visibility;
  for (std::size_t k = 0; k < cams.frames.size(); ++k) {
    TAGSCAPE_TRY(job.checkStop("Lifting the 2D CAMs"));
    job.report("lifting 2D CAMs", static_cast<std::int64_t>(k), static_cast<std::int64_t>(cams.frames.size()));
    const FrameCams& frame = cams.frames[k];
    const auto found = index_of.find(frame.frame_number);
    if (found == index_of.end() || !isUsable(frame)) continue;
    const auto& pose = scene.frames[found->second].world_from_camera;
    if (!pose) continue;
    const auto view = depth.of(found->second);
    if (!view) continue;
    computeVisibility(points, {pose, scene.color_intrinsics, view->camera, &view->image}, tolerance, visibility);
    addFrame(frame, visibility, scene.color_intrinsics, lifted);
    ++lifted.num_frames;
  }
  if (lifted.num_frames == 0) {
    return fail(ErrorCode::InvalidInput,
                "No frame has a 2D CAM, a pose and depth together. Predict this scene with its frames, or choose "
                "another source of depth.");
  }
  divideByViews(lifted);
  return lifted;
}

}  // namespace tagscape
