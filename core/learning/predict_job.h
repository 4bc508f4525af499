#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/scene/cams.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace tagscape {

struct PredictOptions {
  std::string device = "auto";  ///< As TrainOptions::device.
  int num_threads = 0;          ///< 0: one per processor.
  /// Mask classes without a tag. True: pseudo-labels for tagged scenes; false: what the networks say unaided. Figures
  /// of the two must never be mixed; SceneCams::uses_tags records which it was.
  bool use_tags = true;
  int max_passes = 0;        ///< Subsamples of the cloud; 0: as many as it takes until every point was in one.
  bool frames = true;        ///< Whether to compute the frames' CAMs too.
  std::uint64_t seed = 1;    ///< Of the subsamples.
  bool keep_logits = false;  ///< Whether SceneCams::point_logits are filled, so that tags can be changed afterwards.
};

/// CAMs and labels of all points and all frames of a scene, from the newest checkpoint of a run.
///
/// Points: random subsamples of the size used in training, logits averaged, until every point was covered; with
/// `max_passes` the points left over take their nearest covered neighbour's. Frames: the full image at training scale.
/// Labels are the class with the largest logit (of the classes tagged, with `use_tags`). With `use_tags` and no tags of
/// a frame, the scene's are used; with none at all, no class is masked and uses_tags says false.
///
/// Errors: NotFound or InvalidInput if the folder has no checkpoint or a broken one (with the file); InvalidInput for a
/// scene without points; Unsupported for a device that is not there; Cancelled; Internal if LibTorch fails.
/// Frames that cannot be read are left out, with a warning in the log.
[[nodiscard]] Result<SceneCams> predictScene(const std::filesystem::path& run_folder,
                                             const SharedScene& scene,
                                             const PredictOptions& options,
                                             const Job& job);

}  // namespace tagscape
