#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/cam/frame_views.h"
#include "core/dataset/training_data.h"
#include "core/models/networks.h"
#include "core/scene/cams.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tagscape {

/// The CAMs of one frame from its logits. Without `tags` no class is masked.
/// @param grid  where the cells lie in the image: NetworkInputs::cells.
[[nodiscard]] FrameCams frameCams(int frame_number,
                                  const FrameLogits& logits,
                                  const CellGrid& grid,
                                  const std::optional<TagSet>& tags);
[[nodiscard]] FrameCams frameCams(int frame_number, const MultiScaleLogits& logits, const std::optional<TagSet>& tags);

/// A frame's logits, averaged over its views. Errors: Internal if LibTorch fails.
[[nodiscard]] Result<MultiScaleLogits> predictFrameLogits(Networks& networks,
                                                          const RgbImage& color,
                                                          const FrameViews& views);

/// Errors: InvalidInput for no scale or one out of range.
[[nodiscard]] Status checkFrameViews(const FrameViews& views);

/// How often a cloud is looked at.
struct PointPasses {
  int votes = 1;       ///< How often every point is seen at least; its logits are averaged.
  int max_passes = 0;  ///< Subsamples at most; 0: as many as the votes take.
  std::uint64_t seed = 1;
};

/// Logits of covered points spread over a whole cloud: every point takes its nearest covered one's. Points that are not
/// finite take none.
class NearestSpread {
 public:
  /// @param covered  rows of finite points, at least one.
  NearestSpread(const PointCloud& points, const std::vector<std::uint32_t>& covered);
  /// @param logits [covered, kNumClasses].  @return [N, kNumClasses], 0 where a point is not finite.
  [[nodiscard]] std::vector<float> spread(const std::vector<float>& logits) const;

 private:
  std::vector<std::uint32_t> nearest_;  ///< By point, a place in `covered`; kNone for points that are not finite.
};

/// Averaged logits of all points, [N, kNumClasses]: random subsamples of the size used in training until every point
/// was in as many as there are votes, or `max_passes` of them, after which the rest take their nearest covered
/// neighbour's.
/// Errors: InvalidInput for a scene without finite points or fewer than one vote; Cancelled; Internal if LibTorch
/// fails.
[[nodiscard]] Result<std::vector<float>> predictPointLogits(Networks& networks,
                                                            const Scene& scene,
                                                            const PointPasses& passes,
                                                            const Job& job);

/// CAMs of a scene while it is being learnt: one subsample of the points, spread, and the training images.
class LiveSnapshot {
 public:
  /// Both must outlive the snapshot.
  LiveSnapshot(const Scene& scene, const PreparedScene& prepared);

  /// A network that has not begun to learn shows nothing: zeros, and kNoClass for the points.
  /// Errors: Internal if LibTorch fails.
  [[nodiscard]] Result<SceneCams> take(Networks& networks,
                                       std::int64_t step,
                                       bool image_learnt,
                                       bool points_learnt) const;

 private:
  const Scene& scene_;
  const PreparedScene& prepared_;
  NearestSpread spread_;
};

/// Sets the labels of points that are not finite to kNoClass.
void clearLabelsOfNonFinite(const PointCloud& points, std::vector<std::uint8_t>& labels);

}  // namespace tagscape
