#pragma once

#include "core/recipe/recipe.h"
#include "core/workflows/train_job.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// How much time is spent on a scan.
enum class ScanQuality : std::uint8_t { Fast, Balanced, Best };

/// "fast", "balanced", "best".
[[nodiscard]] std::string_view nameOf(ScanQuality quality);
/// Errors: InvalidInput naming the choices.
[[nodiscard]] Result<ScanQuality> scanQualityNamed(std::string_view name);

/// The preset `scan`.
struct ScanTrainOptions {
  ScanQuality quality = ScanQuality::Balanced;
  /// Whether ImageNet's classifier and common places of furniture count beside the tags (class_prior.h, room_prior.h).
  /// Figures name it: it is knowledge that tags do not hold.
  bool class_prior = true;
  std::string encoder;  ///< As makeImageEncoder; empty: that of the quality.
  bool resume = false;  ///< Go on with a run that was stopped; its labels are kept if they were found.
};

/// What the networks train with, on the labels that were found.
[[nodiscard]] Recipe distillationRecipe(ScanQuality quality);

/// Seconds that a quality takes on a machine that encodes a frame of 512 px in `frame_s`, for this many frames.
[[nodiscard]] double expectedSeconds(ScanQuality quality, double frame_s, std::size_t num_frames);

/// Labels a scan from its tags (labelScanFromTags), keeps the labels in the run directory (labels/, predictions/), then
/// trains an image and a point network on them, for other scans and for predictions without tags. The run directory is
/// that of any training. Says after the first frames how long each quality will take.
///
/// @param training  distillationRecipe, as the user changed them; its seed and threads count for the labels, too.
/// Errors: those of labelScanFromTags and trainScenes; Cancelled after a stop, by the job or by control.json.
[[nodiscard]] Result<TrainReport> trainScan(const SharedScene& scene,
                                            const std::filesystem::path& run_folder,
                                            const ScanTrainOptions& options,
                                            const Recipe& training,
                                            const Job& job);

}  // namespace tagscape
