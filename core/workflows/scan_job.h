#pragma once

#include "core/recipe/recipe.h"
#include "core/workflows/train_job.h"

#include <filesystem>

namespace tagscape {

/// Seconds that the preset `scan` takes with these options, on a machine that encodes a frame of 512 px in `frame_s`.
[[nodiscard]] double expectedSeconds(const Recipe& recipe, double frame_s, std::size_t num_frames);

/// Labels a scan from its tags (labelScanFromTags), keeps the labels in the run directory (labels/, predictions/), then
/// trains an image and a point network on them, for other scans and for predictions without tags. The run directory is
/// that of any training. Says after the first frames how long each quality will take.
///
/// @param recipe   the preset `scan`, as the user changed it.
/// @param resumes  go on with a run that was stopped; its labels are kept if they were found.
/// Errors: those of labelScanFromTags and trainScenes; Cancelled after a stop, by the job or by control.json.
[[nodiscard]] Result<TrainReport> trainScan(const SharedScene& scene,
                                            const std::filesystem::path& run_folder,
                                            const Recipe& recipe,
                                            bool resumes,
                                            const Job& job);

}  // namespace tagscape
