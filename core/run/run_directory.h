#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

/// What a training run is doing, as written in state.json.
enum class RunState { Preparing, Running, Pausing, Paused, Stopping, Stopped, Finished, Failed };
[[nodiscard]] std::string_view nameOf(RunState state);
[[nodiscard]] std::optional<RunState> runStateByName(std::string_view name);

struct RunStatus {
  RunState state = RunState::Preparing;
  std::string phase;      ///< "labels" (of the preset scan), "image", "points" or "joint".
  std::int64_t step = 0;  ///< Over all phases of training; while labels are found, of the stage that `note` names.
  std::int64_t total_steps = 0;
  double steps_per_s = 0;
  double eta_s = 0;
  double heartbeat_unix_s = 0;  ///< When it was written; set by RunDirectory::writeStatus.
  std::int64_t pid = 0;
  std::string scene_path;  ///< The scene that is trained on (the first of several).
  std::string reason;      ///< Why it failed or stopped.
  std::string host{};      ///< Where the process runs; set by RunDirectory::writeStatus.
  std::string note{};      ///< For people: what it does in this phase, "encoding frames, quality balanced".
};

/// What others ask of a run; the run reads it once a step.
enum class RunRequest { None, Pause, Resume, Stop };

/// One logged step: losses, learning rates, gradient norms by name ("loss_2d_cls", "loss_3d_cls", "loss_2d_to_3d",
/// "loss_total", "lr_2d", "lr_3d", …).
struct MetricsRow {
  std::int64_t step = 0;
  double seconds = 0;  ///< Since the run began.
  std::string phase;
  std::map<std::string, double> values;
};

/// The interface between a training process and programs that watch it; they communicate through nothing else.
///   config.toml     complete, resolved configuration       state.json    RunStatus
///   control.json    RunRequest, written by the watcher     metrics.jsonl one MetricsRow a line
///   checkpoints/    networks                               live/         CAM snapshots  <scene>.safetensors
///   predictions/    CAMs of all points and frames          log.txt       what was said
///   events.out.tfevents.*  the metrics for TensorBoard
/// Small files are replaced atomically; metrics.jsonl only grows, so that a reader may meet a last line cut short.
class RunDirectory {
 public:
  /// Makes the folder. Errors: NotWritable; InvalidInput if it already holds a run and `overwrite` is false.
  [[nodiscard]] static Result<RunDirectory> create(const std::filesystem::path& path, bool overwrite);
  /// Errors: NotFound; InvalidInput if the folder has no state.json.
  [[nodiscard]] static Result<RunDirectory> open(const std::filesystem::path& path);

  /// Whether a folder holds a run.
  [[nodiscard]] static bool isRun(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path configFile() const { return path_ / "config.toml"; }
  [[nodiscard]] std::filesystem::path logFile() const { return path_ / "log.txt"; }
  [[nodiscard]] std::filesystem::path checkpointFolder() const { return path_ / "checkpoints"; }
  /// Whether it has got as far as networks.
  [[nodiscard]] bool hasCheckpoints() const;
  [[nodiscard]] std::filesystem::path liveFile(const std::string& scene_name) const;
  [[nodiscard]] std::filesystem::path predictionFile(const std::string& scene_name) const;

  [[nodiscard]] Status writeStatus(RunStatus status) const;
  [[nodiscard]] Result<RunStatus> readStatus() const;

  [[nodiscard]] Status request(RunRequest request) const;
  /// None if there is no control.json or it cannot be understood: a broken request must not stop a run.
  [[nodiscard]] RunRequest readRequest() const;

  [[nodiscard]] Status appendMetrics(const MetricsRow& row) const;
  /// Takes out the rows after `step`, which a resumed run writes again, and a last line that was cut short.
  [[nodiscard]] Status keepMetricsUpTo(std::int64_t step) const;
  /// Forgets what was asked of the run.
  void clearRequest() const;

 private:
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

/// Reads metrics.jsonl as it grows: each call gives the rows that were completed since the last one. Lines that cannot
/// be understood are skipped and counted; a file that became shorter (a restarted run) is read from its beginning.
class MetricsTail {
 public:
  explicit MetricsTail(const RunDirectory& run) : file_(run.path() / "metrics.jsonl") {}
  [[nodiscard]] std::vector<MetricsRow> poll();
  [[nodiscard]] std::int64_t numSkipped() const { return num_skipped_; }

 private:
  std::filesystem::path file_;
  std::uintmax_t offset_ = 0;
  std::int64_t num_skipped_ = 0;
};

/// Whether a run whose state is active is still alive: of this machine, if its process lives; of another or an unknown
/// one, if its heartbeat is younger than `max_age_s`, or a process here answers to it.
[[nodiscard]] bool looksAlive(const RunStatus& status, double max_age_s = 30);

/// The newest run below `runs_folder` whose state names `scene_path`, if any.
[[nodiscard]] std::optional<std::filesystem::path> newestRunFor(const std::filesystem::path& runs_folder,
                                                                const std::filesystem::path& scene_path);

}  // namespace tagscape
