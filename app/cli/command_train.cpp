#include "app/cli/option_printer.h"
#include "app/cli/printing.h"
#include "app/cli/scene_arguments.h"
#include "core/base/log.h"
#include "core/recipe/option_descriptor.h"
#include "core/recipe/presets.h"
#include "core/recipe/recipe_file.h"
#include "core/run/run_directory.h"
#include "core/workflows/scan_job.h"
#include "core/workflows/train_job.h"
#include "core/workflows/train_ranks.h"

#include <fmt/format.h>

#include <cmath>

namespace tagscape::cli {
namespace {

struct TrainArguments {
  SceneArguments scenes;
  std::string out;
  std::string preset;
  // Values that override the preset's where they were given.
  std::optional<std::string> quality;
  std::optional<std::string> class_prior;
  std::optional<std::string> encoder;
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
  bool lists_options = false;
  bool as_markdown = false;

  void addTo(CLI::App& options) {
    scenes.addTo(options);
    options.add_option("--out", out, "Run directory to create")->required();
    options.add_option(
        "--preset",
        preset,
        fmt::format("Where to start from: {}; scan, which labels one scan from its tags, is the default for "
                    "one, and small for several",
                    recipePresetNames()));
    addScanOptions(options);
    options.add_option("--set", settings, "Change any option of training, as NAME=VALUE; may be repeated");
    addListing(options);
    options.add_option("--seed", seed, "Seed of weights, order and augmentation");
    options.add_option("--device", device, "auto, cpu, cuda or cuda:N");
    options.add_option("--threads", num_threads, "Number of threads; 0 follows OMP_NUM_THREADS or the processors");
    options.add_option("--image-steps", image_steps, "Steps of the image phase");
    options.add_option("--points-steps", points_steps, "Steps of the points phase");
    options.add_option("--joint-steps", joint_steps, "Steps of the joint phase");
    options.add_option("--start-from", start_from, "Run whose newest weights to start from");
    options.add_flag("--resume", resume, "Continue the run in --out, or start it if there is none");
    options.add_flag("--overwrite", overwrite, "Replace an existing run")->excludes("--resume");
  }

  void addScanOptions(CLI::App& options) {
    options.add_option(
        "--quality", quality, "Preset scan: fast, balanced (default) or best; the log says how long each takes");
    options.add_option("--class-prior",
                       class_prior,
                       "Preset scan: imagenet (default) uses ImageNet's classifier and where furniture usually stands "
                       "beside the tags, none the tags alone");
    options.add_option(
        "--encoder",
        encoder,
        "Preset scan: efficientnet-lite0, efficientnet-lite2, or the .toml file of a TorchScript network");
  }

  /// A listing needs neither scans nor a run.
  void addListing(CLI::App& options) {
    options
        .add_flag("--options", lists_options, "List all options that --set takes, with ranges and defaults, and exit")
        ->each([&options](const std::string&) {
          options.get_option("paths")->required(false);
          options.get_option("--out")->required(false);
        })
        ->trigger_on_parse();
    options.add_flag("--markdown", as_markdown, "With --options, list them as Markdown")->needs("--options");
  }

  /// The named preset, or the default for the number of scans.
  [[nodiscard]] Result<std::string> presetName() const {
    if (!preset.empty()) return preset;
    TAGSCAPE_ASSIGN(const auto listed, scenes.list());
    return std::string(listed.size() == 1 ? kScanPreset : "small");
  }

  /// --set and the options that stand for some of it, as NAME and VALUE.
  [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> allSettings() const {
    std::vector<std::pair<std::string, std::string>> all;
    if (quality) all.emplace_back("quality", *quality);
    if (class_prior) all.emplace_back("class_prior", *class_prior);
    if (encoder) all.emplace_back("encoder", *encoder);
    for (const std::string& setting : settings) {
      const auto equals = setting.find('=');
      if (equals == std::string::npos)
        return fail(ErrorCode::InvalidInput, fmt::format("--set {} is not of the form NAME=VALUE.", setting));
      if (setting.starts_with("preset="))
        return fail(ErrorCode::InvalidInput, fmt::format("--set {} names a preset. Use --preset.", setting));
      all.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    return all;
  }

  [[nodiscard]] Result<Recipe> resolve(std::string_view name) const {
    TAGSCAPE_ASSIGN(Recipe resolved, presetRecipe(name));
    if (quality && name != kScanPreset)
      return fail(ErrorCode::InvalidInput,
                  fmt::format("--quality says how the preset '{}' works, not '{}'.", kScanPreset, name));
    TAGSCAPE_ASSIGN(const auto all, allSettings());
    for (const auto& [option, value] : all) {
      if (option != "quality") continue;
      TAGSCAPE_TRY(setRecipeOption(resolved, option, value));
      setScanQuality(resolved, resolved.scan.quality);  // The others are set on top of it.
    }
    const auto take = [](auto& target, const auto& given) {
      if (given) target = *given;
    };
    take(resolved.general.seed, seed);
    take(resolved.execution.device, device);
    take(resolved.execution.num_threads, num_threads);
    take(resolved.phases.image_steps, image_steps);
    take(resolved.phases.points_steps, points_steps);
    take(resolved.phases.joint_steps, joint_steps);
    take(resolved.general.start_from, start_from);
    for (const auto& [option, value] : all) TAGSCAPE_TRY(setRecipeOption(resolved, option, value));
    resolved.execution.overwrite = overwrite;
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

/// A resumed run keeps its own options; warn about others.
Status warnOfDifferences(const std::filesystem::path& folder, const Recipe& given) {
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(folder));
  const auto own = readRecipeFile(run.configFile());
  if (!own) return {};  // It was killed before writing its options, and starts anew.
  const std::vector<std::string> names = differingOptions(own->recipe, given);
  if (!names.empty()) log::warn(fmt::format("the run continues with its own {}", fmt::join(names, ", ")));
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

Status trainOneScan(const TrainArguments& arguments,
                    const Recipe& recipe,
                    const std::vector<SharedScene>& scenes,
                    const ProcessGroup& group,
                    const Context& context) {
  if (scenes.size() != 1 || !group.isAlone()) {
    return fail(ErrorCode::InvalidInput,
                "The preset scan labels one scan, in one process. Name one scan, or choose another preset.");
  }
  if (arguments.resume && RunDirectory::isRun(arguments.out)) TAGSCAPE_TRY(warnOfDifferences(arguments.out, recipe));
  TAGSCAPE_ASSIGN(const TrainReport report,
                  trainScan(scenes.front(), arguments.out, recipe, arguments.resume, context.job));
  context.json ? printJson(describe(report)) : printText(report);
  return {};
}

/// All ranks open the scenes and train; only rank 0 prints progress and results, the others only
/// errors.
Status train(const TrainArguments& arguments, const Context& context) {
  if (arguments.lists_options) {
    printOptions(arguments.as_markdown ? OptionFormat::Markdown
                 : context.json        ? OptionFormat::Json
                                       : OptionFormat::Text);
    return {};
  }
  TAGSCAPE_ASSIGN(const std::string preset, arguments.presetName());
  TAGSCAPE_ASSIGN(Recipe options, arguments.resolve(preset));
  TAGSCAPE_ASSIGN(const RankEnvironment environment, readRankEnvironment());
  Job job = context.job;
  if (environment.rank > 0) {
    log::setVerbosity(0);
    job.on_progress = {};
  }
  TAGSCAPE_ASSIGN(const auto group, joinTraining(environment, options, job));
  const auto scenes = openScenes(arguments.scenes, group->isFirst(), job);
  TAGSCAPE_TRY(group->allSucceeded(scenes ? Status() : fail(scenes.error())));
  if (preset == kScanPreset) return trainOneScan(arguments, options, *scenes, *group, context);
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
