#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/distributed/process_group.h"
#include "core/recipe/recipe.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tagscape {

struct TrainReport {
  std::int64_t num_steps = 0;
  double seconds = 0;                                         ///< Of training, preparation included.
  std::vector<std::pair<std::string, double>> phase_seconds;  ///< In the order they ran.
  std::vector<std::pair<std::string, double>>
      final_losses;  ///< Mean of the last tenth of each phase, "joint/loss_2d_to_3d".
  int num_scenes = 0;
  int num_frames = 0;          ///< That took part.
  int num_frames_skipped = 0;  ///< Broken or without tags; each is in `warnings` or counted there.
  int num_threads = 0;
  std::string device;
  std::filesystem::path checkpoint;  ///< Of the finished networks.
  std::vector<std::string> warnings;
};

/// Trains an image and a point network from class tags alone and leaves everything a watcher needs in `run_folder`:
/// config.toml, state.json (with a heartbeat), metrics.jsonl, live/<scene>.safetensors, checkpoints/, log.txt. Obeys
/// control.json and job.stop within one step; a stopped run keeps its last checkpoint.
///
/// With options.general.start_from the networks begin with the weights of another run's newest checkpoint.
///
/// Broken frames are skipped and counted. A scene without tags takes the union of its frames' tags, with a warning; an
/// image tag that its scene lacks widens the scene's set, with a warning.
///
/// In a group of several ranks all call this with the same arguments: they train together, rank 0 alone writes the run
/// directory and obeys it, and a rank that fails makes the others fail with its reason. All must see the run directory.
///
/// Errors: InvalidInput for no scene, options out of range, no tags at all (naming tags.json), a scene without points
/// or usable frames, a folder that already holds a run; NotWritable; Unsupported for a device that this LibTorch or
/// machine lacks; Cancelled after a stop; Internal if a loss is not finite (naming the step) or LibTorch fails.
/// Blocks its thread. One call at a time in a process: it sets the process's thread counts.
[[nodiscard]] Result<TrainReport> trainScenes(const std::vector<SharedScene>& scenes,
                                              const std::filesystem::path& run_folder,
                                              const Recipe& options,
                                              const Job& job,
                                              std::shared_ptr<ProcessGroup> group = ProcessGroup::alone());

/// Goes on with a run that was stopped, killed or lost its machine, from its newest whole checkpoint and with the
/// options in its config.toml, except those that change no result (device, threads, how often it logs and saves), which
/// are taken from `options`. On one thread the losses are those that the run would have had, to the bit. A finished run
/// is left as it is and reported again.
///
/// Errors: NotFound or InvalidInput if the folder holds no run, or no checkpoint to go on from; InvalidInput if
/// `scenes` are not those of the run; the rest as trainScenes.
[[nodiscard]] Result<TrainReport> resumeTraining(const std::vector<SharedScene>& scenes,
                                                 const std::filesystem::path& run_folder,
                                                 const Recipe& options,
                                                 const Job& job,
                                                 std::shared_ptr<ProcessGroup> group = ProcessGroup::alone());

/// Names of the options that decide a result and differ.
[[nodiscard]] std::vector<std::string> differingOptions(const Recipe& one, const Recipe& other);

}  // namespace tagscape
