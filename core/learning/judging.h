#pragma once

#include "core/learning/evaluate_job.h"

#include <optional>
#include <span>

namespace tagscape {

/// Counts labels against the truth by every readout that is possible; readouts with tags need `tags`.

/// What ScanNet's 2D evaluation compares at.
inline constexpr int kJudgedWidth = 640;
inline constexpr int kJudgedHeight = 480;

/// @param logits [N, kNumClasses], of the scene's points.
void judgePointLogits(const Scene& scene,
                      std::span<const float> logits,
                      const std::optional<TagSet>& tags,
                      Evaluation& result);

/// @param cams [N, kNumClasses], normalised and masked by tags.
void judgePointCams(const Scene& scene, std::span<const float> cams, Evaluation& result);

/// Maps of one frame on cells.
struct JudgedMaps {
  int width = 0, height = 0;
  std::span<const float> logits;  ///< Empty: the readouts that need them are left out.
  std::span<const float> cams;    ///< Normalised and masked by the tags; empty: that readout is left out.
};
/// @param truth  the frame's labels at kJudgedWidth x kJudgedHeight.
void judgeFrameMaps(const Image<std::uint8_t>& truth,
                    const JudgedMaps& maps,
                    const std::optional<TagSet>& tags,
                    Evaluation& result);

/// The tags that a scene is judged with; without any, says so in `result`.
[[nodiscard]] std::optional<TagSet> tagsToJudgeWith(const Scene& scene, Evaluation& result);
/// A frame's own tags where it has some, else its scene's.
[[nodiscard]] std::optional<TagSet> tagsOfFrame(const Frame& frame, const std::optional<TagSet>& scene_tags);

/// Every so many of the frames with labels and colours: places in Scene::frames. 0: none.
[[nodiscard]] std::vector<std::size_t> framesToJudge(const Scene& scene, int every_frame);

}  // namespace tagscape
