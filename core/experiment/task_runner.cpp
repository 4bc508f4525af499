#include "core/experiment/task_runner.h"

#include "core/base/child_process.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/experiment/time_left.h"
#include "core/run/run_directory.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr auto kPollInterval = std::chrono::milliseconds(50);
constexpr auto kReportInterval = std::chrono::seconds(1);
constexpr std::uintmax_t kMaxRecordBytes = 1 << 20;

double secondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

fs::path withEnding(fs::path path, const char* ending) {
  path += ending;
  return path;
}

/// How a task went so far, as <files>.json has it.
struct Record {
  std::string key;
  std::string state;  ///< "running" (or killed while it was), "finished", "stopped", "failed".
  double seconds = 0;
  double cpu_seconds = 0;
};

Status writeRecord(const Task& task, const Record& record) {
  const Json json{{"key", record.key},
                  {"state", record.state},
                  {"seconds", record.seconds},
                  {"cpu_seconds", record.cpu_seconds},
                  {"command", task.arguments}};
  return writeFileAtomically(withEnding(task.files, ".json"),
                             json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// A record that cannot be read counts as none: the task is then done again.
std::optional<Record> readRecord(const Task& task) {
  const auto text = readTextFile(withEnding(task.files, ".json"), kMaxRecordBytes);
  if (!text) return std::nullopt;
  const Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  try {
    return Record{json.at("key").get<std::string>(),
                  json.at("state").get<std::string>(),
                  json.at("seconds").get<double>(),
                  json.at("cpu_seconds").get<double>()};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

/// Nothing unless an earlier call finished the task with the same options.
std::optional<TaskOutcome> earlierOutcome(const Task& task) {
  const auto record = readRecord(task);
  if (!record || record->state != "finished" || record->key != task.key) return std::nullopt;
  return TaskOutcome{TaskState::Finished, true, record->seconds, record->cpu_seconds, {}};
}

/// The last line of a log, where programs report why they ended.
std::string lastLine(const fs::path& file) {
  const auto text = readTextFile(file);
  if (!text) return {};
  const auto end = text->find_last_not_of(" \n\r\t");
  if (end == std::string::npos) return {};
  const auto begin = text->find_last_of("\n\r", end);
  return text->substr(begin == std::string::npos ? 0 : begin + 1,
                      end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

bool hasCheckpoint(const fs::path& run_folder) {
  std::error_code failure;
  fs::directory_iterator entry(run_folder / "checkpoints", failure);
  return !failure &&
         std::any_of(begin(entry), end(entry), [](const auto& file) { return file.path().extension() == ".json"; });
}

double fractionDone(const fs::path& run_folder) {
  if (run_folder.empty()) return 0;
  const auto run = RunDirectory::open(run_folder);
  if (!run) return 0;
  const auto status = run->readStatus();
  if (!status || status->total_steps <= 0) return 0;
  return std::clamp(static_cast<double>(status->step) / static_cast<double>(status->total_steps), 0.0, 1.0);
}

class Runner {
 public:
  Runner(const std::vector<Task>& tasks, const TaskRunnerOptions& options, const Job& job)
      : tasks_(tasks), options_(options), job_(job), outcomes_(tasks.size()), urgency_(tasks.size()) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      for (const std::size_t needed : tasks[i].needs) {
        if (needed >= i) throw std::logic_error("tasks: a task must come after those that it needs");
      }
    }
    // How long it takes from a task's start to the end of all that waits for it.
    for (std::size_t i = tasks.size(); i-- > 0;) {
      urgency_[i] += tasks[i].expected_s;
      for (const std::size_t needed : tasks[i].needs) urgency_[needed] = std::max(urgency_[needed], urgency_[i]);
    }
  }

  Result<std::vector<TaskOutcome>> run() {
    takeWhatIsDone();
    while (!isOver()) {
      if (job_.stopRequested()) {
        stopAll();
        break;
      }
      TAGSCAPE_TRY(startMore());
      TAGSCAPE_TRY(collect());
      report();
      std::this_thread::sleep_for(kPollInterval);
    }
    return std::move(outcomes_);
  }

 private:
  struct Running {
    std::size_t task;
    ChildProcess process;
    Record record;
    Clock::time_point begin;
  };

  void takeWhatIsDone() {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      const auto earlier = earlierOutcome(tasks_[i]);
      if (!earlier) continue;
      outcomes_[i] = *earlier;
      times_.learn(tasks_[i].kind, tasks_[i].expected_s, earlier->seconds);
    }
  }

  [[nodiscard]] bool isOver() const {
    return running_.empty() && std::none_of(outcomes_.begin(), outcomes_.end(), [](const TaskOutcome& outcome) {
             return outcome.state == TaskState::Waiting;
           });
  }

  Status startMore() {
    giveUpOnTheImpossible();
    while (running_.size() < static_cast<std::size_t>(std::max(1, options_.num_jobs))) {
      const auto next = mostUrgent();
      if (!next) return {};
      TAGSCAPE_TRY(start(*next));
    }
    return {};
  }

  void giveUpOnTheImpossible() {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (outcomes_[i].state != TaskState::Waiting) continue;
      for (const std::size_t needed : tasks_[i].needs) {
        const TaskState state = outcomes_[needed].state;
        if (state != TaskState::Failed && state != TaskState::NotRun) continue;
        outcomes_[i].state = TaskState::NotRun;
        outcomes_[i].reason = "it needs " + tasks_[needed].label;
      }
    }
  }

  [[nodiscard]] std::optional<std::size_t> mostUrgent() const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      const Task& task = tasks_[i];
      const bool ready = outcomes_[i].state == TaskState::Waiting &&
                         std::all_of(task.needs.begin(), task.needs.end(), [&](std::size_t needed) {
                           return outcomes_[needed].state == TaskState::Finished;
                         });
      if (!ready) continue;
      const bool better = !best || task.group < tasks_[*best].group ||
                          (task.group == tasks_[*best].group && urgency_[i] > urgency_[*best]);
      if (better) best = i;
    }
    return best;
  }

  Status start(std::size_t index) {
    const Task& task = tasks_[index];
    const auto earlier = readRecord(task);
    const bool is_other = earlier && earlier->key != task.key;
    Record record{task.key,
                  "running",
                  is_other || !earlier ? 0 : earlier->seconds,
                  is_other || !earlier ? 0 : earlier->cpu_seconds};
    ChildCommand command{options_.program,
                         task.arguments,
                         options_.environment,
                         withEnding(task.files, ".out"),
                         withEnding(task.files, ".log")};
    // A run directory without a record is one whose first moments were cut off.
    const auto more = moreArguments(task, earlier.has_value(), is_other);
    command.arguments.insert(command.arguments.end(), more.begin(), more.end());
    if (is_other) log::info(fmt::format("{} is repeated: its options have changed", task.label));
    TAGSCAPE_TRY(writeRecord(task, record));
    TAGSCAPE_ASSIGN(ChildProcess process, ChildProcess::start(command));
    log::debug(fmt::format("{}: {} {}", task.label, command.program.string(), fmt::join(command.arguments, " ")));
    outcomes_[index].state = TaskState::Running;
    running_.push_back({index, std::move(process), std::move(record), Clock::now()});
    return {};
  }

  /// What a call is given beyond its arguments because of an earlier one.
  [[nodiscard]] static std::vector<std::string> moreArguments(const Task& task, bool was_begun, bool is_other) {
    std::error_code ignored;
    if (is_other) return task.if_replaced;
    // A run directory without a record is of a call whose first moments were cut off.
    if (!was_begun && (task.run.empty() || !fs::exists(task.run, ignored))) return {};
    // Before the first checkpoint there is nothing to resume.
    return task.run.empty() || hasCheckpoint(task.run) ? task.if_resumed : task.if_replaced;
  }

  /// Takes note of the processes that have ended.
  Status collect() {
    for (std::size_t i = running_.size(); i-- > 0;) {
      const auto end = running_[i].process.poll();
      if (!end) continue;
      Running ended = std::move(running_[i]);
      running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
      TAGSCAPE_TRY(settle(ended, *end));
    }
    return {};
  }

  Status settle(Running& ended, const ChildEnd& end) {
    const Task& task = tasks_[ended.task];
    TaskOutcome& outcome = outcomes_[ended.task];
    ended.record.seconds += secondsSince(ended.begin);
    ended.record.cpu_seconds += end.cpu_seconds;
    ended.record.state = end.succeeded() ? "finished" : job_.stopRequested() ? "stopped" : "failed";
    outcome.seconds = ended.record.seconds;
    outcome.cpu_seconds = ended.record.cpu_seconds;
    if (end.succeeded()) {
      outcome.state = TaskState::Finished;
      times_.learn(task.kind, task.expected_s, outcome.seconds);
    } else if (job_.stopRequested()) {
      outcome.state = TaskState::NotRun;
      outcome.reason = "it was stopped";
    } else {
      const fs::path log_file = withEnding(task.files, ".log");
      outcome.state = TaskState::Failed;
      const std::string said = lastLine(log_file);
      outcome.reason = fmt::format("exit code {}: {} (all of it in {})",
                                   end.exit_code,
                                   said.empty() ? "it said nothing" : said,
                                   log_file.string());
      log::error(fmt::format("{} failed with {}", task.label, outcome.reason));
    }
    return writeRecord(task, ended.record);
  }

  void stopAll() {
    for (Running& running : running_) running.process.askToStop();
    const auto begin = Clock::now();
    while (!running_.empty()) {
      if (secondsSince(begin) > options_.patience_s) {
        for (Running& running : running_) running.process.kill();
      }
      (void)collect();  // What was reached is in the run directories, whether or not it can be noted here.
      std::this_thread::sleep_for(kPollInterval);
    }
    for (TaskOutcome& outcome : outcomes_) {
      if (outcome.state == TaskState::Waiting) outcome = {TaskState::NotRun, false, 0, 0, "it was stopped"};
    }
  }

  void report() {
    if (Clock::now() - last_report_ < kReportInterval) return;
    last_report_ = Clock::now();
    TimeLeft left(times_, options_.num_jobs);
    std::vector<std::string> at_work;
    std::size_t num_done = 0;
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (outcomes_[i].state == TaskState::Waiting) left.addWaiting(tasks_[i].kind, tasks_[i].expected_s);
      num_done += outcomes_[i].state == TaskState::Finished ? 1 : 0;
    }
    for (const Running& running : running_) {
      const Task& task = tasks_[running.task];
      const double fraction = fractionDone(task.run);
      left.addRunning(task.kind, task.expected_s, secondsSince(running.begin), fraction);
      at_work.push_back(fraction > 0 ? fmt::format("{} {:.0f} %", task.label, 100 * fraction) : task.label);
    }
    job_.report("running the experiment",
                0,
                0,
                fmt::format("{} of {} steps done, about {} left: {}",
                            num_done,
                            tasks_.size(),
                            durationText(left.seconds()),
                            fmt::join(at_work, ", ")));
  }

  const std::vector<Task>& tasks_;
  const TaskRunnerOptions& options_;
  const Job& job_;
  std::vector<TaskOutcome> outcomes_;
  std::vector<double> urgency_;
  std::vector<Running> running_;
  MeasuredTimes times_;
  Clock::time_point last_report_ = Clock::now() - kReportInterval;
};

}  // namespace

std::vector<TaskOutcome> earlierOutcomes(const std::vector<Task>& tasks) {
  std::vector<TaskOutcome> outcomes;
  for (const Task& task : tasks)
    outcomes.push_back(earlierOutcome(task).value_or(TaskOutcome{TaskState::NotRun, false, 0, 0, "not yet"}));
  return outcomes;
}

Result<std::vector<TaskOutcome>> runTasks(const std::vector<Task>& tasks,
                                          const TaskRunnerOptions& options,
                                          const Job& job) {
  return Runner(tasks, options, job).run();
}

}  // namespace tagscape
