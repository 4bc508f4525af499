#include "core/experiment/experiment_tasks.h"

#include "core/base/files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

// The first guess of what an evaluation takes, in the plan's unit of training time.
constexpr double kWeightOfEvaluation = 0.15;
constexpr int kVotes = 4;  // Of each point, as `tagscape evaluate` has it unless told otherwise.

std::string cellName(const ExperimentCell& cell) {
  return cell.data_seed > 0 ? fmt::format("data-{}/seed-{}", cell.data_seed, cell.model_seed)
                            : fmt::format("seed-{}", cell.model_seed);
}

std::string labelOf(const std::string& run, const ExperimentCell& cell) {
  return cell.data_seed > 0 ? fmt::format("{} (data {}, seed {})", run, cell.data_seed, cell.model_seed)
                            : fmt::format("{} (seed {})", run, cell.model_seed);
}

/// Builds the tasks of one cell.
class CellBuilder {
 public:
  CellBuilder(const ExperimentPlan& plan,
              const ExperimentCell& cell,
              std::size_t cell_index,
              const std::vector<std::string>& settings,
              const fs::path& out,
              ExperimentTasks& tasks)
      : plan_(plan), cell_(cell), cell_index_(cell_index), settings_(settings), out_(out), tasks_(tasks) {}

  void build() {
    for (const PlannedRun& run : plan_.runs) {
      if (run.evaluated.empty()) trainings_[run.name] = addTraining(run);
    }
    std::map<std::string, bool> evaluated;
    for (const PlannedRun& run : plan_.runs) {
      if (!run.is_reported || evaluated[run.trainedAs()]) continue;
      evaluated[run.trainedAs()] = true;
      for (const auto& split : cell_.splits) addEvaluation(run.trainedAs(), split);
    }
  }

 private:
  std::size_t addTraining(const PlannedRun& run) {
    Task task = newTask(run.name, "training");
    task.run = runFolder(out_, cell_, run.name);
    task.arguments = {
        "train", cell_.data.string(), "--split", "train", "--out", task.run.string(), "--preset", plan_.preset};
    std::string key = fmt::format("{} on {} train", plan_.preset, dataName());
    for (const auto* options : {&run.defaults, &settings_, &run.options}) {
      for (const auto& option : *options) {
        task.arguments.insert(task.arguments.end(), {"--set", option});
        key += " " + option;
      }
    }
    if (!run.starts_from.empty()) {
      const std::size_t start = trainings_.at(run.starts_from);
      task.needs.push_back(start);
      task.arguments.insert(task.arguments.end(), {"--start-from", tasks_.tasks[start].run.string()});
      key += " from (" + tasks_.tasks[start].key + ")";
    }
    addCommon(task);
    task.arguments.insert(task.arguments.end(), {"--seed", fmt::format("{}", cell_.model_seed)});
    task.key = key + fmt::format(" seed {}", cell_.model_seed);
    task.if_resumed = {"--resume"};
    task.if_replaced = {"--overwrite"};
    task.expected_s = run.weight * plan_.seconds_per_weight;
    return add(std::move(task));
  }

  void addEvaluation(const std::string& run, const std::string& split) {
    Task task = newTask(run, "on " + split);
    const std::size_t training = trainings_.at(run);
    const int every_frame = split == "train" ? plan_.every_frame_train : plan_.every_frame_val;
    task.needs = {training};
    task.arguments = {"evaluate",
                      cell_.data.string(),
                      "--split",
                      split,
                      "--run",
                      tasks_.tasks[training].run.string(),
                      "--name",
                      run,
                      "--every-frame",
                      fmt::format("{}", every_frame),
                      "--votes",
                      fmt::format("{}", kVotes)};
    addCommon(task);
    task.key =
        fmt::format("{}, every {}th frame, {} votes, of ({})", split, every_frame, kVotes, tasks_.tasks[training].key);
    task.expected_s = kWeightOfEvaluation * plan_.seconds_per_weight;
    const std::size_t position = add(std::move(task));
    tasks_.evaluations.push_back({position, training, cell_index_, run, split});
  }

  Task newTask(const std::string& run, const std::string& what) {
    Task task;
    task.label = labelOf(run, cell_) + " " + what;
    task.kind = run + " " + what;
    std::string file = run + "." + what;
    for (char& c : file) c = c == ' ' ? '-' : c;
    task.files = out_ / "tasks" / cellName(cell_) / file;
    task.group = static_cast<int>(cell_index_);
    return task;
  }

  void addCommon(Task& task) const {
    task.arguments.insert(task.arguments.end(), {"--threads", fmt::format("{}", plan_.threads_per_job), "--json"});
  }

  /// Independent of where the experiment's folder is, so that it can be moved.
  [[nodiscard]] std::string dataName() const {
    return cell_.data_seed > 0 ? fmt::format("data {}", cell_.data_seed) : cell_.data.string();
  }

  std::size_t add(Task task) {
    tasks_.tasks.push_back(std::move(task));
    return tasks_.tasks.size() - 1;
  }

  const ExperimentPlan& plan_;
  const ExperimentCell& cell_;
  std::size_t cell_index_;
  const std::vector<std::string>& settings_;
  const fs::path& out_;
  ExperimentTasks& tasks_;
  std::map<std::string, std::size_t> trainings_;
};

}  // namespace

fs::path runFolder(const fs::path& out, const ExperimentCell& cell, const std::string& run) {
  return out / "runs" / cellName(cell) / run;
}

ExperimentTasks buildTasks(const ExperimentPlan& plan,
                           const std::vector<ExperimentCell>& cells,
                           const std::vector<std::string>& settings,
                           const fs::path& out) {
  ExperimentTasks tasks;
  for (std::size_t i = 0; i < cells.size(); ++i) CellBuilder(plan, cells[i], i, settings, out, tasks).build();
  return tasks;
}

Result<std::vector<ExperimentResult>> collectResults(const ExperimentPlan& plan,
                                                     const std::vector<ExperimentCell>& cells,
                                                     const ExperimentTasks& tasks,
                                                     const std::vector<TaskOutcome>& outcomes) {
  std::vector<ExperimentResult> results;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    for (const PlannedRun& run : plan.runs) {
      if (!run.is_reported) continue;
      for (const auto& evaluation : tasks.evaluations) {
        if (evaluation.cell != cell || evaluation.run != run.trainedAs()) continue;
        if (outcomes.at(evaluation.task).state != TaskState::Finished) continue;
        fs::path file = tasks.tasks[evaluation.task].files;
        file += ".out";
        TAGSCAPE_ASSIGN(const std::string text, readTextFile(file));
        TAGSCAPE_ASSIGN(auto rows, parseTableJson(text, file));
        const TaskOutcome& training = outcomes.at(evaluation.training);
        for (ResultRow& row : rows) {
          if (!run.domain.empty() && row.domain != run.domain) continue;
          row.name = run.name;
          results.push_back(
              {std::move(row), cells[cell].data_seed, cells[cell].model_seed, training.seconds, training.cpu_seconds});
        }
      }
    }
  }
  return results;
}

}  // namespace tagscape
