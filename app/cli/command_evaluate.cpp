#include "app/cli/printing.h"
#include "app/cli/scene_arguments.h"
#include "app/cli/shard.h"
#include "app/cli/view_arguments.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/exchange/importer.h"
#include "core/io/cam_file.h"
#include "core/workflows/evaluate_job.h"
#include "core/workflows/pseudo_label_job.h"
#include "core/workflows/superpoint_bound.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>

namespace tagscape::cli {
namespace {

struct EvaluateArguments {
  SceneArguments scenes;
  std::string run;
  std::string predictions;
  std::string labels;
  std::string name;
  std::string format = "text";
  std::string out;
  std::string shard;
  bool published = false;
  bool pseudo_labels = false;
  bool superpoints = false;
  bool threshold_curve = false;
  EvaluateOptions evaluate;
};

/// Evaluates one scene: with the networks of a run, or what was predicted before.
template <class Report>
using EvaluatorFor = std::function<Result<Report>(const SharedScene&, const Job&)>;
using Evaluate = EvaluatorFor<Evaluation>;

/// A scene that cannot be evaluated is reported and skipped; the table shows the number of scenes.
template <class Report>
Result<Report> evaluateAll(const EvaluateArguments& arguments, const EvaluatorFor<Report>& evaluate, const Job& job) {
  TAGSCAPE_ASSIGN(const Shard shard, shardFrom(arguments.shard));
  TAGSCAPE_ASSIGN(const auto all, arguments.scenes.list());
  const auto paths = shard.of(all);
  if (shard.count > 1) log::info(fmt::format("part {}: {} of {} scenes", shard.name(), paths.size(), all.size()));
  Report sum;
  for (const auto& path : paths) {
    TAGSCAPE_TRY(job.checkStop("the evaluation"));
    const auto scene = arguments.scenes.open(path, job);
    auto evaluated = scene ? evaluate(*scene, job) : Result<Report>(fail(scene.error()));
    if (evaluated) {
      sum += *evaluated;
      continue;
    }
    const Error& error = evaluated.error();
    if (all.size() == 1 || error.code == ErrorCode::Cancelled || error.code == ErrorCode::Internal) return evaluated;
    sum.skipped.push_back(error.message);
  }
  for (const auto& message : sum.skipped) log::warn(message);
  if (sum.num_scenes == 0) return fail(ErrorCode::InvalidInput, "None of the scenes could be evaluated");
  return sum;
}

/// Also for "runs/first/".
std::string folderName(const std::filesystem::path& path) {
  const auto whole = std::filesystem::absolute(path).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

/// A description for the foot of the table, and the evaluator.
struct ScoredPredictions {
  std::string what;
  std::string name;
  Evaluate evaluate;
};

Result<ScoredPredictions> evaluatorOfRun(const EvaluateArguments& arguments) {
  TAGSCAPE_ASSIGN(Evaluator opened, Evaluator::open(arguments.run, arguments.evaluate));
  const auto evaluator = std::make_shared<Evaluator>(std::move(opened));
  std::string what = fmt::format("at step {}, {}", evaluator->step(), describe(arguments.evaluate.views));
  return ScoredPredictions{
      std::move(what), folderName(arguments.run), [evaluator](const SharedScene& scene, const Job& job) {
        return evaluator->evaluate(scene, job);
      }};
}

Result<ScoredPredictions> evaluatorOfFiles(const EvaluateArguments& arguments) {
  const std::filesystem::path folder = arguments.predictions;
  if (!std::filesystem::is_directory(folder))
    return failFile(ErrorCode::NotFound, folder, "no such folder", "Name the folder that `tagscape predict` wrote to");
  const int every_frame = arguments.evaluate.every_frame;
  const auto evaluate = [folder, every_frame](const SharedScene& scene, const Job& job) -> Result<Evaluation> {
    TAGSCAPE_ASSIGN(const SceneCams cams, readCams(folder / (scene->name + ".safetensors")));
    return evaluatePrediction(scene, cams, every_frame, job);
  };
  return ScoredPredictions{"as predicted in " + folder.string(), folderName(arguments.predictions), evaluate};
}

Result<ScoredPredictions> evaluatorOfLabels(const EvaluateArguments& arguments) {
  const std::filesystem::path folder = arguments.labels;
  if (!std::filesystem::is_directory(folder))
    return failFile(ErrorCode::NotFound, folder, "no such folder", "Name a folder of exported labels");
  const auto evaluate = [folder](const SharedScene& scene, const Job& job) -> Result<Evaluation> {
    TAGSCAPE_ASSIGN(const ForeignSource source, readForeign(folder, scene->name, nullptr));
    TAGSCAPE_ASSIGN(const ImportedLayer imported, importLayer(scene, source, scanNetClasses(), {}, job));
    for (const auto& note : imported.notes) log::warn(fmt::format("{}: {}", source.place.string(), note));
    return evaluateLabels(scene, pointLabelsOf(imported.layer), job);
  };
  return ScoredPredictions{"of the labels in " + folder.string(), folderName(arguments.labels), evaluate};
}

Result<ScoredPredictions> evaluatorFor(const EvaluateArguments& arguments) {
  if (!arguments.run.empty()) return evaluatorOfRun(arguments);
  return arguments.predictions.empty() ? evaluatorOfLabels(arguments) : evaluatorOfFiles(arguments);
}

/// To stdout or the chosen file; `foot` is printed only to a terminal.
Status tell(const EvaluateArguments& arguments, TableFormat format, const std::string& table, const std::string& foot) {
  if (!arguments.out.empty()) return writeFileAtomically(arguments.out, table);
  fmt::print("{}", table);
  if (format == TableFormat::Text) fmt::print("\n{}\n", foot);
  return {};
}

Status evaluatePseudoLabels(const EvaluateArguments& arguments, TableFormat format, const Context& context) {
  if (arguments.run.empty())
    return fail(ErrorCode::InvalidInput, "--pseudo-labels are made by networks. Name a run with --run");
  const EvaluateOptions& asked = arguments.evaluate;
  TAGSCAPE_ASSIGN(
      PseudoLabelEvaluator evaluate,
      PseudoLabelEvaluator::open(arguments.run, {asked.device, asked.num_threads, asked.every_frame, asked.seed}));
  const EvaluatorFor<PseudoLabelReport> evaluateScene = [&](const SharedScene& scene, const Job& job) {
    return evaluate.evaluate(scene, job);
  };
  TAGSCAPE_ASSIGN(const Shard shard, shardFrom(arguments.shard));
  if (evaluate.comparesScenes() && shard.count > 1) {
    log::warn(
        "labels of superpoints depend on all scenes, so those of a shard differ. Leave --shard out, or ignore 'all "
        "frames to points' and 'points to image'");
  }
  TAGSCAPE_ASSIGN(PseudoLabelReport report, evaluateAll(arguments, evaluateScene, context.job));
  TAGSCAPE_TRY(context.job.checkStop("the evaluation"));
  TAGSCAPE_ASSIGN(const PseudoLabelReport all_frames, evaluate.evaluateAllFrames());
  report += all_frames;
  std::vector<std::pair<std::string, PseudoLabelStats>> stats{
      {"image to points", report.image_to_points},
      {"image to points, occluded ones included", report.image_to_points_unfiltered},
      {"points to image", report.points_to_image}};
  if (report.all_frames.numLabels() > 0) stats.emplace_back("all frames to points", report.all_frames);
  if (report.oracle_superpoints.numLabels() > 0) stats.emplace_back("oracle superpoints", report.oracle_superpoints);
  const std::string table = formatPseudoLabelStats(stats, format);
  return tell(arguments,
              format,
              table,
              fmt::format("labels as joint training makes them at step {}: {} scene(s), {} frame(s)",
                          evaluate.step(),
                          report.num_scenes,
                          report.num_frames));
}

Status evaluateSuperpoints(const EvaluateArguments& arguments, TableFormat format, const Context& context) {
  TAGSCAPE_ASSIGN(const SuperpointReport report,
                  evaluateAll(arguments, EvaluatorFor<SuperpointReport>(superpointBounds), context.job));
  const std::string foot = fmt::format(
      "IoU in percent if every superpoint had the class of most of its points: {} scene(s)", report.num_scenes);
  return tell(arguments, format, formatTable(report.rows(arguments.scenes.split), format), foot);
}

Status evaluate(const EvaluateArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(const TableFormat named, tableFormatNamed(arguments.format));
  const TableFormat format = context.json ? TableFormat::Json : named;
  if (arguments.superpoints) return evaluateSuperpoints(arguments, format, context);
  const auto sources = {arguments.run, arguments.predictions, arguments.labels};
  if (std::count(sources.begin(), sources.end(), std::string()) != 2) {
    return fail(ErrorCode::InvalidInput, "Give one of --run, whose networks are evaluated, --predictions and --labels");
  }
  if (arguments.pseudo_labels) return evaluatePseudoLabels(arguments, format, context);
  TAGSCAPE_ASSIGN(const ScoredPredictions predictions, evaluatorFor(arguments));
  TAGSCAPE_ASSIGN(const Evaluation result, evaluateAll(arguments, predictions.evaluate, context.job));
  std::string foot =
      fmt::format("in percent {}: {} scene(s), {} frame(s)", predictions.what, result.num_scenes, result.num_frames);
  if (result.num_voted > 0)
    foot += fmt::format("; points of {} scene(s) by the annotated pixels that see them", result.num_voted);
  if (arguments.threshold_curve) {
    const std::string curves = formatCurves({{"2D CAM", result.frame_cams}, {"3D CAM", result.point_cams}}, format);
    return tell(arguments, format, curves, foot);
  }
  const std::string name = arguments.name.empty() ? predictions.name : arguments.name;
  std::vector<ResultRow> rows = result.rows(name, arguments.scenes.split);
  for (const char* domain : {"2D", "3D"}) {
    if (!arguments.published) break;
    for (auto& row : publishedRows(domain, arguments.scenes.split)) rows.push_back(std::move(row));
  }
  return tell(arguments, format, formatTable(rows, format), "IoU " + foot);
}

}  // namespace

Action addEvaluate(CLI::App& options) {
  auto arguments = std::make_shared<EvaluateArguments>();
  arguments->scenes.prefers_frames_25k = true;
  arguments->scenes.addTo(options);
  options.add_option("--run", arguments->run, "Run whose networks are evaluated");
  options.add_option(
      "--predictions", arguments->predictions, "Instead of --run: a folder of predictions, such as RUN/predictions");
  options.add_option(
      "--labels",
      arguments->labels,
      "Instead of --run: a folder of labels in a format that `tagscape import` reads, as `tagscape export` "
      "writes them");
  options.add_option("--name", arguments->name, "Name of the rows (default: the run's folder)");
  options.add_option("--format", arguments->format, "text, csv, json or markdown")->capture_default_str();
  options.add_option("--out", arguments->out, "Write the table to this file instead of stdout");
  options.add_flag("--published", arguments->published, "Add the figures published for ScanNet, marked as such");
  options.add_option("--every-frame", arguments->evaluate.every_frame, "Evaluate every Nth labelled frame; 0: none")
      ->capture_default_str();
  options.add_flag("--pseudo-labels", arguments->pseudo_labels, "Evaluate the pseudo-labels of joint training instead");
  options.add_flag("--superpoints",
                   arguments->superpoints,
                   "Say how good labels of whole superpoints can be, by the truth; needs no --run");
  options.add_flag("--threshold-curve", arguments->threshold_curve, "Evaluate CAM labels above each threshold instead");
  addViewOptions(options, arguments->evaluate.views, arguments->evaluate.votes);
  options.add_option("--shard", arguments->shard, kShardHelp);
  options.add_option("--device", arguments->evaluate.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  options.add_option("--threads", arguments->evaluate.num_threads, "Threads; 0: one per processor")
      ->capture_default_str();
  return [=](const Context& context) { return evaluate(*arguments, context); };
}

}  // namespace tagscape::cli
