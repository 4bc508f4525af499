#pragma once

#include "core/experiment/experiment_plan.h"
#include "core/experiment/experiment_results.h"
#include "core/experiment/task_runner.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tagscape {

/// One data set and one seed of the networks: all runs of a plan are made for each.
struct ExperimentCell {
  int data_seed = 0;  ///< 0: data that were given.
  int model_seed = 1;
  std::filesystem::path data;
  std::vector<std::string> splits;  ///< Of the data set, that networks are evaluated on: "train", "val".
};

struct ExperimentTasks {
  /// An evaluation: of which training, on what.
  struct SceneEvaluator {
    std::size_t task = 0;
    std::size_t training = 0;  ///< Its task.
    std::size_t cell = 0;
    std::string run;  ///< Name of the run that was trained.
    std::string split;
  };
  std::vector<Task> tasks;
  std::vector<SceneEvaluator> evaluations;
};

/// Where things are in the folder of an experiment:
///   runs/<cell>/<run>/           run directories            tasks/<cell>/<run>.<what>.{json,out,log}
/// with cells named "data-1/seed-2".
[[nodiscard]] std::filesystem::path runFolder(const std::filesystem::path& out,
                                              const ExperimentCell& cell,
                                              const std::string& run);

/// The trainings and evaluations of a plan for every cell. Trainings learn from the split "train".
/// @param settings  NAME=VALUE of the training, set by the user.
[[nodiscard]] ExperimentTasks buildTasks(const ExperimentPlan& plan,
                                         const std::vector<ExperimentCell>& cells,
                                         const std::vector<std::string>& settings,
                                         const std::filesystem::path& out);

/// The results of the finished evaluations, by the names of the plan's reported runs; in the plan's order for each
/// cell. Errors: those of reading an evaluation, and InvalidInput if it is no table.
[[nodiscard]] Result<std::vector<ExperimentResult>> collectResults(const ExperimentPlan& plan,
                                                                   const std::vector<ExperimentCell>& cells,
                                                                   const ExperimentTasks& tasks,
                                                                   const std::vector<TaskOutcome>& outcomes);

}  // namespace tagscape
