#include "core/workflows/train_job.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/recipe/option_descriptor.h"
#include "core/recipe/recipe_check.h"
#include "core/recipe/recipe_file.h"
#include "core/run/run_directory.h"
#include "core/workflows/train_checkpoint.h"
#include "core/workflows/train_run.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <thread>
#include <unistd.h>

namespace tagscape {
namespace {

constexpr auto kEndingPoll = std::chrono::milliseconds(100);

/// Refuses scenes that are not those of the run.
Status checkScenes(const RunDirectory& run, const std::vector<SharedScene>& scenes) {
  constexpr std::uintmax_t kMaxBytes = 1 << 24;
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(run.configFile(), kMaxBytes));
  std::size_t num_found = 0;
  for (std::size_t at = text.find("[data]"); at != std::string::npos; at = text.find("\n  '", at + 1)) ++num_found;
  for (const SharedScene& scene : scenes) {
    if (text.find("'" + quotableInConfig(scene->path) + "'") != std::string::npos) continue;
    return failFile(ErrorCode::InvalidInput,
                    run.configFile(),
                    fmt::format("scene '{}' is not one of this run's", scene->path.string()),
                    "Name the scenes that the run was started with.");
  }
  if (num_found == scenes.size() + 1) return {};
  return failFile(ErrorCode::InvalidInput,
                  run.configFile(),
                  fmt::format("the run has {} scenes, {} were named", num_found - 1, scenes.size()),
                  "Name the scenes that the run was started with.");
}

/// The status of a run that is not running. A killed process may take a moment to end.
Result<RunStatus> statusOfEnded(const RunDirectory& run) {
  constexpr int kPatience = 50;
  for (int waited = 0;; ++waited) {
    TAGSCAPE_ASSIGN(const RunStatus status, run.readStatus());
    if (!looksAlive(status) || status.pid == getpid()) return status;
    if (waited == kPatience) {
      return failFile(ErrorCode::InvalidInput,
                      run.path(),
                      fmt::format("the run is at work, as process {}", status.pid),
                      "Stop it first, or let it go on.");
    }
    std::this_thread::sleep_for(kEndingPoll);
  }
}

/// Rank 0 creates the folder; the others open it once it exists.
Result<RunDirectory> createTogether(const std::filesystem::path& path, bool overwrite, ProcessGroup& group) {
  if (group.isAlone()) return RunDirectory::create(path, overwrite);
  Status made;
  if (group.isFirst()) {
    const auto run = RunDirectory::create(path, overwrite);
    RunStatus status;
    status.pid = getpid();
    made = run ? run->writeStatus(status) : Status(fail(run.error()));
  }
  TAGSCAPE_TRY(group.allSucceeded(made));
  return RunDirectory::open(path);
}

/// A run that can be continued, and its position.
struct ResumableRun {
  RunDirectory run;
  RunStatus status;
  Recipe options;
  std::optional<ResumableCheckpoint> checkpoint;  ///< None if it had not come to its first.
};

/// @param is_first  whether this process writes; it then locks the run.
Result<ResumableRun> findResumable(const std::vector<SharedScene>& scenes,
                                   const std::filesystem::path& run_folder,
                                   const Recipe& given,
                                   bool is_first) {
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(run_folder));
  TAGSCAPE_ASSIGN(const RunStatus status, is_first ? statusOfEnded(run) : run.readStatus());
  Result<ResumableCheckpoint> checkpoint = readResumableCheckpoint(run.checkpointFolder());
  if (!checkpoint && checkpoint.error().code == ErrorCode::NotFound) return ResumableRun{run, status, given, {}};
  if (!checkpoint) return fail(checkpoint.error());
  TAGSCAPE_ASSIGN(Recipe options, readRecipe(run.configFile()));
  options.execution = given.execution;
  TAGSCAPE_TRY(checkRecipe(options));
  TAGSCAPE_TRY(checkScenes(run, scenes));
  return ResumableRun{run, status, options, std::move(*checkpoint)};
}

/// The batch size depends on the number of processes: with another number the run continues, but differently.
void warnOfOtherNumber(const RunDirectory& run, int size) {
  const std::string text = readTextFile(run.configFile()).value_or("");
  const auto key = text.find(kProcessesKey);
  const int before = key == std::string::npos ? 1 : std::atoi(text.c_str() + key + kProcessesKey.size());
  if (before == size) return;
  log::warn(fmt::format(
      "the run was started with {} processes and goes on with {}: its batches change as much", before, size));
}

/// The report of a finished run.
TrainReport reportAgain(const RunStatus& status, const Checkpoint& checkpoint) {
  TrainReport report;
  report.num_steps = status.step;
  report.seconds = checkpoint.seconds;
  report.checkpoint = checkpoint.file;
  report.device = "none";
  return report;
}

}  // namespace

std::vector<std::string> differingOptions(const Recipe& one, const Recipe& other) {
  Recipe alike = other;
  alike.execution = one.execution;
  std::vector<std::string> names;
  for (const OptionDescriptor& option : recipeOptions()) {
    if (option.get(one) != option.get(alike)) names.emplace_back(option.name);
  }
  return names;
}

Result<TrainReport> trainScenes(const std::vector<SharedScene>& scenes,
                                const std::filesystem::path& run_folder,
                                const Recipe& options,
                                const Job& job,
                                std::shared_ptr<ProcessGroup> group) {
  if (scenes.empty()) return fail(ErrorCode::InvalidInput, "there is no scene to train on. Name at least one.");
  TAGSCAPE_TRY(checkRecipe(options));
  TAGSCAPE_ASSIGN(RunDirectory run, createTogether(run_folder, options.execution.overwrite, *group));
  return runTraining(scenes, std::move(run), options, job, std::move(group));
}

Result<TrainReport> resumeTraining(const std::vector<SharedScene>& scenes,
                                   const std::filesystem::path& run_folder,
                                   const Recipe& options,
                                   const Job& job,
                                   std::shared_ptr<ProcessGroup> group) {
  if (scenes.empty()) return fail(ErrorCode::InvalidInput, "there is no scene to train on. Name at least one.");
  auto found = findResumable(scenes, run_folder, options, group->isFirst());
  TAGSCAPE_TRY(group->allSucceeded(found ? Status() : fail(found.error())));
  TAGSCAPE_ASSIGN(const std::int64_t goes_on, group->broadcast(found->checkpoint ? 1 : 0));
  if (goes_on == 0) {
    if (group->isFirst()) log::info("the run had not come to its first checkpoint: it begins anew");
    Recipe anew = options;
    anew.execution.overwrite = true;
    return trainScenes(scenes, run_folder, anew, job, std::move(group));
  }
  TAGSCAPE_TRY(group->allSucceeded(found->checkpoint
                                       ? Status()
                                       : failFile(ErrorCode::NotFound,
                                                  run_folder,
                                                  "this rank does not see the checkpoint that rank 0 sees",
                                                  "All ranks need the same run directory.")));
  ResumableCheckpoint& from = *found->checkpoint;
  if (found->status.state == RunState::Finished) return reportAgain(found->status, from.checkpoint);
  if (group->isFirst()) {
    warnOfOtherNumber(found->run, group->size());
    found->run.clearRequest();
    TAGSCAPE_TRY(found->run.keepMetricsUpTo(from.checkpoint.step));
  }
  return runTraining(scenes, found->run, found->options, job, std::move(group), std::move(from));
}

}  // namespace tagscape
