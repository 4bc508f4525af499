#include "app/cli/printing.h"
#include "app/cli/scene_arguments.h"
#include "core/base/log.h"
#include "core/run/run_directory.h"
#include "core/workflows/train_job.h"
#include "core/workflows/train_ranks.h"

#include <fmt/format.h>

#include <cmath>

namespace tagscape::cli {
namespace {

struct TrainArguments {
  SceneArguments scenes;
  std::string out;
  std::string preset = "small";
  // Values that override the preset's where they were given.
  std::optional<std::uint64_t> seed;
  std::optional<std::string> device;
  std::optional<int> num_threads;
  std::optional<int> image_steps;
  std::optional<int> points_steps;
  std::optional<int> joint_steps;
  std::vector<std::string> settings;
  std::optional<std::string> start_from;
  bool resume = false;
  bool overwrite = false;

  void addTo(CLI::App& options) {
    scenes.addTo(options);
    options.add_option("--out", out, "The run directory to make")->required();
    options
        .add_option("--preset",
                    preset,
                    "quick (half a minute, for a look), small (one scan, a minute or two on two cores), rooms, "
                    "rooms-short and rooms-wide (a data set of rooms), scannet (the published configuration)")
        ->capture_default_str();
    options.add_option("--seed", seed, "Seed of weights, order and augmentation");
    options.add_option("--device", device, "auto, cpu, cuda or cuda:N");
    options.add_option("--threads", num_threads, "Threads; 0 chooses by a short measurement");
    options.add_option("--image-steps", image_steps, "Steps of the image classifier alone");
    options.add_option("--points-steps", points_steps, "Steps of the point classifier alone");
    options.add_option("--joint-steps", joint_steps, "Steps of both together");
    options.add_option("--set",
                       settings,
                       "Any option of config.toml as NAME=VALUE, several times; a wrong name lists those there are");
    options.add_option("--start-from", start_from, "A run whose newest weights to begin with");
    options.add_flag(
        "--resume", resume, "Go on with the run in --out where it was stopped or killed; start it if there is none");
    options.add_flag("--overwrite", overwrite, "Replace a run that is already there")->excludes("--resume");
  }

  [[nodiscard]] Result<TrainOptions> resolve() const {
    TAGSCAPE_ASSIGN(TrainOptions resolved, trainPreset(preset));
    const auto take = [](auto& target, const auto& given) {
      if (given) target = *given;
    };
    take(resolved.seed, seed);
    take(resolved.device, device);
    take(resolved.num_threads, num_threads);
    take(resolved.image_steps, image_steps);
    take(resolved.points_steps, points_steps);
    take(resolved.joint_steps, joint_steps);
    take(resolved.start_from, start_from);
    for (const std::string& setting : settings) {
      const auto equals = setting.find('=');
      if (equals == std::string::npos)
        return fail(ErrorCode::InvalidInput, fmt::format("--set {} is not of the form NAME=VALUE", setting));
      TAGSCAPE_TRY(setTrainOption(resolved, setting.substr(0, equals), setting.substr(equals + 1)));
    }
    resolved.overwrite = overwrite;
    return resolved;
  }
};

nlohmann::json describe(const TrainReport& report) {
  nlohmann::json phases = nlohmann::json::object();
  for (const auto& [phase, seconds] : report.phase_seconds) phases[phase] = seconds;
  nlohmann::json losses = nlohmann::json::object();
  for (const auto& [name, value] : report.final_losses) losses[name] = value;
  return {{"steps", report.num_steps},
          {"seconds", report.seconds},
          {"phase_seconds", phases},
          {"final_losses", losses},
          {"scenes", report.num_scenes},
          {"frames", report.num_frames},
          {"frames_skipped", report.num_frames_skipped},
          {"threads", report.num_threads},
          {"device", report.device},
          {"checkpoint", report.checkpoint.string()},
          {"warnings", report.warnings}};
}

void printText(const TrainReport& report) {
  fmt::print("{} steps in {:.1f} s on {} with {} thread(s); {} frames of {} scene(s), {} skipped\n",
             report.num_steps,
             report.seconds,
             report.device,
             report.num_threads,
             report.num_frames,
             report.num_scenes,
             report.num_frames_skipped);
  for (const auto& [phase, seconds] : report.phase_seconds) fmt::print("  {:<8} {:.1f} s\n", phase, seconds);
  for (const auto& [name, value] : report.final_losses) fmt::print("  {:<28} {:.4f}\n", name, value);
  fmt::print("  checkpoint {}\n", report.checkpoint.string());
}

/// A resumed run keeps its own options: that others were given should be said.
Status warnOfDifferences(const std::filesystem::path& folder, const TrainOptions& given) {
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(folder));
  const auto own = readTrainConfig(run.configFile());
  if (!own) return {};  // It was killed before it wrote that, and begins anew.
  const std::vector<std::string> names = differingOptions(*own, given);
  if (!names.empty()) log::warn(fmt::format("the run goes on with its own {}", fmt::join(names, ", ")));
  return {};
}

Result<std::vector<SharedScene>> openScenes(const SceneArguments& arguments, bool tells, const Job& job) {
  TAGSCAPE_ASSIGN(const auto paths, arguments.list());
  std::vector<SharedScene> scenes;
  for (const auto& path : paths) {
    TAGSCAPE_ASSIGN(auto scene, arguments.open(path, job));
    for (const auto& warning : scene->warnings) {
      if (tells) log::warn(warning.message);
    }
    scenes.push_back(std::move(scene));
  }
  return scenes;
}

/// Of several ranks, all open the scenes and train; rank 0 alone says how far they are and what came of it, the others
/// only what is wrong.
Status train(const TrainArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(TrainOptions options, arguments.resolve());
  TAGSCAPE_ASSIGN(const RankEnvironment environment, readRankEnvironment());
  Job job = context.job;
  if (environment.rank > 0) {
    log::setVerbosity(0);
    job.on_progress = {};
  }
  TAGSCAPE_ASSIGN(const auto group, joinTraining(environment, options, job));
  const auto scenes = openScenes(arguments.scenes, group->isFirst(), job);
  TAGSCAPE_TRY(group->allSucceeded(scenes ? Status() : fail(scenes.error())));
  TAGSCAPE_ASSIGN(const auto goes_on, group->broadcast(arguments.resume && RunDirectory::isRun(arguments.out) ? 1 : 0));
  if (goes_on != 0 && group->isFirst()) TAGSCAPE_TRY(warnOfDifferences(arguments.out, options));
  TAGSCAPE_ASSIGN(const TrainReport report,
                  (goes_on != 0 ? resumeTraining : trainScenes)(*scenes, arguments.out, options, job, group));
  if (group->isFirst()) context.json ? printJson(describe(report)) : printText(report);
  return {};
}

}  // namespace

Action addTrain(CLI::App& options) {
  auto arguments = std::make_shared<TrainArguments>();
  arguments->addTo(options);
  return [=](const Context& context) { return train(*arguments, context); };
}

}  // namespace tagscape::cli
