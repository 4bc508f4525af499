#include "core/experiment/reproduce.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/parallel.h"
#include "core/experiment/experiment_folder.h"
#include "core/experiment/experiment_plots.h"
#include "core/experiment/experiment_tasks.h"
#include "core/scans/data_set.h"
#include "core/synth/room_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <thread>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxSeeds = 1000;

Status checkOptions(const ReproduceOptions& options, const ExperimentPlan& plan) {
  const auto refuse = [](std::string message) { return fail(ErrorCode::InvalidInput, std::move(message)); };
  if (options.num_seeds < 1 || options.num_data_seeds < 1 || options.num_seeds > kMaxSeeds ||
      options.num_data_seeds > kMaxSeeds)
    return refuse(fmt::format("--seeds and --data-seeds are numbers from 1 to {}", kMaxSeeds));
  if (options.num_jobs < 0 || options.num_jobs > 1024) return refuse("--jobs is a number from 0 to 1024");
  if (options.data && options.num_data_seeds > 1)
    return refuse("--data-seeds is of invented data, and --data names some. Leave one of them out");
  if (!options.data && !plan.makes_data)
    return refuse(fmt::format("The experiment '{}' needs --data PATH, a data set with split lists", plan.preset));
  for (const auto& setting : options.settings) {
    if (setting.find('=') == std::string::npos)
      return refuse(fmt::format("--set {} is not of the form NAME=VALUE", setting));
  }
  return {};
}

/// Which of the splits that networks are evaluated on the data set has. Errors: InvalidInput without "train".
Result<std::vector<std::string>> splitsOf(const fs::path& data) {
  TAGSCAPE_ASSIGN(const DataSet set, scanDataSet(data));
  for (const auto& warning : set.warnings) log::warn(warning);
  std::vector<std::string> splits;
  for (const char* split : {"train", "val"}) {
    const auto found = set.splits.find(split);
    if (found != set.splits.end() && !found->second.empty()) splits.emplace_back(split);
  }
  if (!splits.empty() && splits.front() == "train") return splits;
  return failFile(ErrorCode::InvalidInput,
                  data,
                  "it has no split 'train'",
                  "Put the list of the scenes to train on into scannetv2_train.txt, and of those to evaluate on into "
                  "scannetv2_val.txt");
}

Status makeData(const fs::path& folder, int seed, const Job& job) {
  auto set = roomSetPreset("rooms").value();
  set.seed = static_cast<std::uint64_t>(seed);
  const auto made = writeRoomSet(folder, set, job);
  if (!made) return fail(made.error());
  if (made->num_made > 0) log::info(fmt::format("made {} scenes in {}", made->num_made, folder.string()));
  return {};
}

/// Each data set with each seed of the networks; those requested, or also what earlier calls left in the folder.
Result<std::vector<ExperimentCell>> cellsFor(const ReproduceOptions& options,
                                             const ExperimentFolder& folder,
                                             const std::vector<std::pair<int, int>>& seeds) {
  std::vector<ExperimentCell> cells;
  for (const auto& [data_seed, model_seed] : seeds) {
    const fs::path data = options.data ? *options.data : folder.dataFolder(data_seed);
    TAGSCAPE_ASSIGN(auto splits, splitsOf(data));
    cells.push_back({data_seed, model_seed, data, std::move(splits)});
  }
  return cells;
}

std::vector<std::pair<int, int>> seedsAskedFor(const ReproduceOptions& options) {
  std::vector<std::pair<int, int>> seeds;
  for (int data = 1; data <= options.num_data_seeds; ++data) {
    for (int model = 1; model <= options.num_seeds; ++model) seeds.emplace_back(options.data ? 0 : data, model);
  }
  return seeds;
}

TaskRunnerOptions runnerOptions(const ReproduceOptions& options, const ExperimentPlan& plan) {
  TaskRunnerOptions runner;
  runner.program = options.program;
  const int as_planned = plan.threads_per_job == 0 ? 1 : std::max(1, numThreads() / plan.threads_per_job);
  runner.num_jobs = options.num_jobs > 0 ? options.num_jobs : as_planned;
  // OpenBLAS starts its threads when it is loaded, before anything could tell it not to.
  if (plan.threads_per_job > 0)
    runner.environment = {{"OPENBLAS_NUM_THREADS", "1"}, {"OMP_NUM_THREADS", std::to_string(plan.threads_per_job)}};
  return runner;
}

std::vector<std::string> failuresOf(const ExperimentTasks& tasks, const std::vector<TaskOutcome>& outcomes) {
  std::vector<std::string> failures;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].state == TaskState::Failed) failures.push_back(tasks.tasks[i].label + ": " + outcomes[i].reason);
    if (outcomes[i].state == TaskState::NotRun)
      failures.push_back(tasks.tasks[i].label + " was not run: " + outcomes[i].reason);
  }
  return failures;
}

/// Everything that is finished in the folder, whichever call requested it.
Result<std::vector<ExperimentResult>> resultsIn(const ReproduceOptions& options, const ExperimentFolder& folder) {
  TAGSCAPE_ASSIGN(const ExperimentPlan everything, experimentPlan(options.preset, {{}, /*ablations=*/true}));
  TAGSCAPE_ASSIGN(const auto cells, cellsFor(options, folder, folder.seedsWithRuns()));
  const ExperimentTasks tasks = buildTasks(everything, cells, options.settings, options.out);
  return collectResults(everything, cells, tasks, earlierOutcomes(tasks.tasks));
}

std::vector<Curve> curvesOf(const ExperimentPlan& plan, const ExperimentFolder& folder) {
  std::vector<Curve> curves;
  const auto seeds = folder.seedsWithRuns();
  if (seeds.empty()) return curves;
  const ExperimentCell first{seeds.front().first, seeds.front().second, {}, {}};
  for (const PlannedRun& run : plan.runs) {
    if (!run.evaluated.empty()) continue;
    for (auto& curve : lossCurves(runFolder(folder.path(), first, run.name), run.name))
      curves.push_back(std::move(curve));
  }
  return curves;
}

/// Writes a file of the report and notes it.
Status writeInto(ReproduceReport& report, const fs::path& file, const std::string& content) {
  TAGSCAPE_TRY(writeFileAtomically(file, content));
  report.files.push_back(file);
  return {};
}

Status writePlots(ReproduceReport& report, const ExperimentPlan& plan, const ExperimentFolder& folder) {
  const fs::path plots = folder.path() / "plots";
  TAGSCAPE_TRY(writeInto(report, plots / "miou.svg", plotMeanIou(report.results)));
  for (const auto& [domain, split] : columnsOf(report.results)) {
    TAGSCAPE_TRY(writeInto(
        report, plots / fmt::format("classes-{}-{}.svg", domain, split), plotClassIou(report.results, domain, split)));
  }
  return writeInto(report, plots / "losses.svg", plotCurves(curvesOf(plan, folder)));
}

Status writeReport(ReproduceReport& report,
                   const ReproduceOptions& options,
                   const ExperimentPlan& plan,
                   const ExperimentFolder& folder,
                   int num_jobs) {
  const std::map<std::string, std::string> about{{"preset", options.preset},
                                                 {"command", options.command},
                                                 {"version", options.version},
                                                 {"machine", machineName()},
                                                 {"jobs", std::to_string(num_jobs)},
                                                 {"threads per job", std::to_string(plan.threads_per_job)},
                                                 {"data", options.data ? options.data->string() : "procedural rooms"}};
  TAGSCAPE_TRY(writeInto(report, options.out / "results.json", formatResultsJson(report.results, about)));
  TAGSCAPE_TRY(writeInto(report, options.out / "table.csv", formatSummary(report.results, TableFormat::Csv)));
  std::string page = fmt::format("# {} on {}\n\n", options.preset, about.at("data"));
  for (const char* what : {"command", "machine", "jobs", "threads per job", "version"})
    page += fmt::format("- {}: {}\n", what, about.at(what));
  page += "\n" + formatReproduction(report, TableFormat::Markdown);
  TAGSCAPE_TRY(writeInto(report, options.out / "table.md", page));
  return writePlots(report, plan, folder);
}

}  // namespace

Result<ReproduceReport> reproduce(const ReproduceOptions& options, const Job& job) {
  TAGSCAPE_ASSIGN(const ExperimentPlan plan, experimentPlan(options.preset, options.choice));
  TAGSCAPE_TRY(checkOptions(options, plan));
  if (options.data) TAGSCAPE_TRY(splitsOf(*options.data));  // before anything is written
  TAGSCAPE_ASSIGN(const ExperimentFolder folder,
                  ExperimentFolder::open(options.out,
                                         {{"preset", options.preset},
                                          {"data", options.data ? options.data->string() : ""},
                                          {"settings", fmt::format("{}", fmt::join(options.settings, " "))}}));
  for (int seed = 1; !options.data && seed <= options.num_data_seeds; ++seed)
    TAGSCAPE_TRY(makeData(folder.dataFolder(seed), seed, job));
  TAGSCAPE_ASSIGN(const auto cells, cellsFor(options, folder, seedsAskedFor(options)));
  const ExperimentTasks tasks = buildTasks(plan, cells, options.settings, options.out);
  const TaskRunnerOptions runner = runnerOptions(options, plan);
  log::info(fmt::format("{} trainings and evaluations, {} at a time with {} thread(s) each",
                        tasks.tasks.size(),
                        runner.num_jobs,
                        plan.threads_per_job == 0 ? numThreads() : plan.threads_per_job));
  TAGSCAPE_ASSIGN(const auto outcomes, runTasks(tasks.tasks, runner, job));

  ReproduceReport report;
  report.was_stopped = job.stopRequested();
  report.failures = failuresOf(tasks, outcomes);
  report.is_scannet = options.data && options.preset == "scannet" && !fs::exists(*options.data / "synth.txt");
  TAGSCAPE_ASSIGN(report.results, resultsIn(options, folder));
  report.gains = gainsOf(report.results, plan.required);
  TAGSCAPE_TRY(writeReport(report, options, plan, folder, runner.num_jobs));
  return report;
}

std::string formatReproduction(const ReproduceReport& report, TableFormat format) {
  const bool is_markdown = format == TableFormat::Markdown;
  const auto heading = [&](const std::string& text) { return (is_markdown ? "\n## " : "\n") + text + "\n\n"; };
  std::string page = formatSummary(report.results, format);
  page +=
      "\nmIoU in percent, mean ± deviation over seeds; training: wall clock of a run without that of the one it "
      "starts from.\n";
  page += heading("Joint against its control") + formatGains(report.gains, format);
  if (is_markdown || report.is_scannet) {
    for (const auto& [domain, split] : columnsOf(report.results)) {
      auto rows = meanRows(report.results, domain, split, nameOf(EvaluationProtocol::WithTags));
      if (report.is_scannet) {
        for (auto& row : publishedRows(domain, split)) rows.push_back(std::move(row));
      }
      page += heading(fmt::format("IoU per class, {} {}", domain, split)) + formatTable(rows, format);
    }
  }
  if (!report.failures.empty()) page += heading("Not done");
  for (const auto& failure : report.failures) page += (is_markdown ? "- " : "") + failure + "\n";
  return page;
}

}  // namespace tagscape
