#pragma once

#include "core/base/job.h"
#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tagscape {

/// One call of a program, of many that depend on each other.
struct Task {
  std::string label;                     ///< For people: "joint (data 1, seed 2): training".
  std::string kind;                      ///< Tasks of one kind take about as long: "joint training".
  std::vector<std::string> arguments;    ///< Of the program.
  std::vector<std::string> if_resumed;   ///< Further ones when an earlier call left something to resume.
  std::vector<std::string> if_replaced;  ///< Further ones when it left something void.
  std::string key;                       ///< What the result depends on; another key makes an old result void.
  std::vector<std::size_t> needs;        ///< Tasks that must have succeeded before; smaller positions than its own.
  std::filesystem::path files;           ///< <files>.json: how it went; .out: its stdout; .log: its stderr.
  std::filesystem::path run;             ///< A run directory that shows its progress; may be empty.
  double expected_s = 1;                 ///< A guess, for as long as nothing of its kind was measured.
  int group = 0;                         ///< Tasks of smaller groups come first.
};

enum class TaskState { Waiting, Running, Finished, Failed, NotRun };

struct TaskOutcome {
  TaskState state = TaskState::Waiting;
  bool was_done = false;  ///< By an earlier call.
  double seconds = 0;     ///< Of all calls of it.
  double cpu_seconds = 0;
  std::string reason;  ///< Why it failed or was not run.
};

struct TaskRunnerOptions {
  std::filesystem::path program;
  int num_jobs = 1;  ///< Calls at a time.
  std::vector<std::pair<std::string, std::string>> environment;
  double patience_s = 60;  ///< How long a call may take to stop before it is killed.
};

/// How tasks went in earlier calls: Finished for those with a finished record of the same key, else NotRun.
[[nodiscard]] std::vector<TaskOutcome> earlierOutcomes(const std::vector<Task>& tasks);

/// Runs tasks as processes of their own, several at a time; what an earlier call finished is not done again, what it
/// left half done is resumed. A task that fails is reported in the log and keeps those that need it from running; the
/// others continue. On a stop the processes are asked to stop and awaited.
///
/// Progress has no total: its detail names what runs and the time left, estimated from tasks of the same kind.
/// @return by task; after a stop too, with those that did not come to an end as NotRun.
/// Errors: NotWritable. A position in `needs` that is not smaller than the task's own is a std::logic_error.
[[nodiscard]] Result<std::vector<TaskOutcome>> runTasks(const std::vector<Task>& tasks,
                                                        const TaskRunnerOptions& options,
                                                        const Job& job);

}  // namespace tagscape
