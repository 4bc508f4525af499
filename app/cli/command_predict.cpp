#include "app/cli/printing.h"
#include "app/cli/scene_arguments.h"
#include "app/cli/shard.h"
#include "app/cli/view_arguments.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/io/cam_file.h"
#include "core/run/run_directory.h"
#include "core/workflows/predict_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

namespace tagscape::cli {
namespace {

namespace fs = std::filesystem;

struct PredictArguments {
  SceneArguments scenes;
  std::string run;
  std::string out;
  std::string shard;
  bool no_tags = false;
  bool no_frames = false;
  bool again = false;
  PredictOptions predict;
};

/// Fraction of points per class, largest first.
std::vector<std::pair<std::string, double>> classFractions(const SceneCams& cams) {
  std::array<std::size_t, kNumClasses> counts{};
  for (const std::uint8_t label : cams.point_labels) {
    if (label < kNumClasses) ++counts[label];
  }
  std::vector<std::pair<std::string, double>> fractions;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] > 0)
      fractions.emplace_back(std::string(classCatalog()[c].name),
                             static_cast<double>(counts[c]) / static_cast<double>(cams.numPoints()));
  }
  std::sort(fractions.begin(), fractions.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return fractions;
}

nlohmann::json describe(const SceneCams& cams, const fs::path& file) {
  nlohmann::json by_class = nlohmann::json::object();
  for (const auto& [name, fraction] : classFractions(cams)) by_class[name] = fraction;
  return {{"scene", cams.scene_name},
          {"points", cams.numPoints()},
          {"frames", cams.frames.size()},
          {"step", cams.step},
          {"uses_tags", cams.uses_tags},
          {"origin", cams.origin},
          {"fraction_of_points", by_class},
          {"was_there", false},
          {"file", file.string()}};
}

void printText(const SceneCams& cams, const fs::path& file) {
  fmt::print("{}: {} points and {} frames at step {}, {}\n",
             cams.scene_name,
             cams.numPoints(),
             cams.frames.size(),
             cams.step,
             cams.uses_tags ? "with tags" : "without tags");
  for (const auto& [name, fraction] : classFractions(cams))
    fmt::print("  {:<16} {:5.1f} % of points\n", name, 100 * fraction);
  fmt::print("  written to {}\n", file.string());
}

/// Predicts scenes one by one and reports each.
class ScenesPredictor {
 public:
  ScenesPredictor(const PredictArguments& arguments, RunDirectory run, Predictor predictor, const Context& context)
      : arguments_(arguments), run_(std::move(run)), predictor_(std::move(predictor)), context_(context) {}

  /// A scene that cannot be read is reported and skipped, unless it is `alone`.
  Status add(const fs::path& path, bool alone) {
    if (const auto there = predictedBefore(path)) return tellSkipped(*there);
    const auto scene = arguments_.scenes.open(path, context_.job);
    if (!scene && !alone && scene.error().code != ErrorCode::Cancelled) {
      log::error(scene.error().message);  // The other scenes are still predicted.
      ++num_unreadable_;
      return {};
    }
    if (!scene) return fail(scene.error());
    TAGSCAPE_ASSIGN(const SceneCams cams, predictor_.predict(*scene, context_.job));
    const fs::path file = fileFor((*scene)->name);
    TAGSCAPE_TRY(writeCams(file, cams));
    if (!context_.json) printText(cams, file);
    described_.push_back(describe(cams, file));
    return {};
  }

  /// The JSON, or what was skipped. Errors: InvalidInput if scenes could not be read.
  Status finish(std::size_t num_scenes, bool alone) {
    if (context_.json) printJson(alone && !described_.empty() ? described_.front() : described_);
    if (!context_.json && num_skipped_ > 0) {
      fmt::print(
          "{} of {} scenes were there already, from the same weights with the same options; --again predicts them "
          "anew\n",
          num_skipped_,
          num_scenes);
    }
    if (num_unreadable_ == 0) return {};
    return fail(ErrorCode::InvalidInput, fmt::format("{} of {} scenes could not be read", num_unreadable_, num_scenes));
  }

 private:
  [[nodiscard]] fs::path fileFor(const std::string& scene_name) const {
    const fs::path in_run = run_.predictionFile(scene_name);
    return arguments_.out.empty() ? in_run : fs::path(arguments_.out) / in_run.filename();
  }

  /// The prediction of this scene if it is from the same weights and options. Scenes are named after their files; one
  /// with another name is predicted again, which does no harm.
  [[nodiscard]] std::optional<CamsOrigin> predictedBefore(const fs::path& path) const {
    if (arguments_.again) return std::nullopt;
    std::error_code code;
    const fs::path place = fs::canonical(path, code);
    if (code) return std::nullopt;
    const auto origin = readCamsOrigin(fileFor(place.stem().string()));
    if (!origin || origin->origin != predictor_.origin() || origin->scene_path != place.string()) return std::nullopt;
    return *origin;
  }

  Status tellSkipped(const CamsOrigin& there) {
    ++num_skipped_;
    const std::string file = fileFor(there.scene_name).string();
    log::debug(fmt::format("{} was predicted before, {}: {}", there.scene_name, there.origin, file));
    described_.push_back({{"scene", there.scene_name},
                          {"step", there.step},
                          {"uses_tags", there.uses_tags},
                          {"origin", there.origin},
                          {"was_there", true},
                          {"file", file}});
    return {};
  }

  const PredictArguments& arguments_;
  RunDirectory run_;
  Predictor predictor_;
  const Context& context_;
  nlohmann::json described_ = nlohmann::json::array();
  std::size_t num_skipped_ = 0;
  int num_unreadable_ = 0;
};

Status predict(PredictArguments arguments, const Context& context) {
  arguments.predict.use_tags = !arguments.no_tags;
  arguments.predict.frames = !arguments.no_frames;
  TAGSCAPE_ASSIGN(const Shard shard, shardFrom(arguments.shard));
  TAGSCAPE_ASSIGN(RunDirectory run, RunDirectory::open(arguments.run));
  TAGSCAPE_ASSIGN(const auto all, arguments.scenes.list());
  const auto paths = shard.of(all);
  if (shard.count > 1) log::info(fmt::format("part {}: {} of {} scenes", shard.name(), paths.size(), all.size()));
  if (!arguments.out.empty()) TAGSCAPE_TRY(ensureWritableFolder(arguments.out));
  TAGSCAPE_ASSIGN(Predictor predictor, Predictor::open(arguments.run, arguments.predict));
  ScenesPredictor scenes(arguments, std::move(run), std::move(predictor), context);
  const bool alone = all.size() == 1;
  for (const auto& path : paths) TAGSCAPE_TRY(scenes.add(path, alone));
  return scenes.finish(paths.size(), alone);
}

}  // namespace

Action addPredict(CLI::App& options) {
  auto arguments = std::make_shared<PredictArguments>();
  arguments->scenes.addTo(options);
  options.add_option("--run", arguments->run, "The run whose networks are used; predictions are stored in it")
      ->required();
  options.add_flag("--no-tags", arguments->no_tags, "Predict among all classes, including those without a tag");
  options.add_flag("--no-frames", arguments->no_frames, "Predict points only");
  options.add_option("--out", arguments->out, "Write the predictions to this folder instead of the run's");
  addViewOptions(options, arguments->predict.views, arguments->predict.votes);
  options.add_flag("--keep-logits", arguments->predict.keep_logits, "Also store raw logits");
  options.add_flag(
      "--again", arguments->again, "Repeat predictions that already exist for the same weights and options");
  options.add_option("--shard", arguments->shard, kShardHelp);
  options.add_option("--device", arguments->predict.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  options.add_option("--threads", arguments->predict.num_threads, "Threads; 0: one per processor")
      ->capture_default_str();
  return [=](const Context& context) { return predict(*arguments, context); };
}

}  // namespace tagscape::cli
