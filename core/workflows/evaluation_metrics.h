#pragma once

#include "core/scene/point_labels.h"
#include "core/workflows/evaluate_job.h"

#include <optional>
#include <span>

namespace tagscape {

/// Counts labels against the truth by every protocol that is possible; protocols with tags need `tags`.

/// Labels of the scene's points, from any source. Points that are not finite count as unlabelled.
void evaluatePointLabels(const Scene& scene,
                         const PointLabels& labels,
                         EvaluationProtocol protocol,
                         Evaluation& result);

/// What ScanNet's 2D evaluation compares at.
inline constexpr int kEvaluationWidth = 640;
inline constexpr int kEvaluationHeight = 480;

/// @param logits [N, kNumClasses], of the scene's points.
void evaluatePointLogits(const Scene& scene,
                         std::span<const float> logits,
                         const std::optional<TagSet>& tags,
                         Evaluation& result);

/// @param cams [N, kNumClasses], normalised and masked by tags.
void evaluatePointCams(const Scene& scene, std::span<const float> cams, Evaluation& result);

/// Maps of one frame on cells.
struct FrameScores {
  int width = 0, height = 0;
  CellGrid grid;
  std::span<const float> logits;  ///< Empty: the protocols that need them are left out.
  std::span<const float> cams;    ///< Normalised and masked by the tags; empty: that protocol is left out.
};
/// @param truth  the frame's labels at kEvaluationWidth x kEvaluationHeight.
void evaluateFrameScores(const Image<std::uint8_t>& truth,
                         const FrameScores& maps,
                         const std::optional<TagSet>& tags,
                         Evaluation& result);

/// The tags that a scene is evaluated with; without any, notes it in `result`.
[[nodiscard]] std::optional<TagSet> tagsForEvaluation(const Scene& scene, Evaluation& result);

/// Every so many of the frames with labels and colours: places in Scene::frames. 0: none.
[[nodiscard]] std::vector<std::size_t> framesToEvaluate(const Scene& scene, int every_frame);

}  // namespace tagscape
