#include "app/cli/printing.h"
#include "app/cli/scene_arguments.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/learning/evaluate_job.h"

#include <fmt/format.h>

namespace tagscape::cli {
namespace {

struct EvaluateArguments {
  SceneArguments scenes;
  std::string run;
  std::string name;
  std::string format = "text";
  std::string out;
  bool published = false;
  EvaluateOptions evaluate;
};

/// A scene that cannot be judged is told and left out; the table says of how many scenes it is.
Result<Evaluation> evaluateAll(const EvaluateArguments& arguments, Evaluator& evaluator, const Job& job) {
  TAGSCAPE_ASSIGN(const auto paths, arguments.scenes.list());
  Evaluation sum;
  for (const auto& path : paths) {
    TAGSCAPE_TRY(job.checkStop("the evaluation"));
    const auto scene = arguments.scenes.open(path, job);
    auto judged = scene ? evaluator.evaluate(*scene, job) : Result<Evaluation>(fail(scene.error()));
    if (judged) {
      sum += *judged;
      continue;
    }
    const Error& error = judged.error();
    if (paths.size() == 1 || error.code == ErrorCode::Cancelled || error.code == ErrorCode::Internal) return judged;
    sum.skipped.push_back(error.message);
  }
  for (const auto& message : sum.skipped) log::warn(message);
  if (sum.num_scenes == 0) return fail(ErrorCode::InvalidInput, "None of the scenes could be judged");
  return sum;
}

/// Of "runs/first/" too.
std::string folderName(const std::filesystem::path& path) {
  const auto whole = std::filesystem::absolute(path).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

Status evaluate(const EvaluateArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(const TableFormat named, tableFormatNamed(arguments.format));
  const TableFormat format = context.json ? TableFormat::Json : named;
  TAGSCAPE_ASSIGN(Evaluator evaluator, Evaluator::open(arguments.run, arguments.evaluate));
  TAGSCAPE_ASSIGN(const Evaluation result, evaluateAll(arguments, evaluator, context.job));
  const std::string name = arguments.name.empty() ? folderName(arguments.run) : arguments.name;
  std::vector<ResultRow> rows = result.rows(name, arguments.scenes.split);
  for (const char* domain : {"2D", "3D"}) {
    if (!arguments.published) break;
    for (auto& row : publishedRows(domain, arguments.scenes.split)) rows.push_back(std::move(row));
  }
  const std::string table = formatTable(rows, format);
  if (!arguments.out.empty()) return writeFileAtomically(arguments.out, table);
  fmt::print("{}", table);
  if (format == TableFormat::Text) {
    fmt::print("\nIoU in percent at step {}: {} scene(s), {} frame(s)\n",
               evaluator.step(),
               result.num_scenes,
               result.num_frames);
  }
  return {};
}

}  // namespace

Action addEvaluate(CLI::App& options) {
  auto arguments = std::make_shared<EvaluateArguments>();
  arguments->scenes.addTo(options);
  options.add_option("--run", arguments->run, "The run whose networks are judged")->required();
  options.add_option("--name", arguments->name, "Name of the rows; the run's folder if left out");
  options.add_option("--format", arguments->format, "text, csv, json or markdown")->capture_default_str();
  options.add_option("--out", arguments->out, "Write the table to this file instead of stdout");
  options.add_flag("--published", arguments->published, "Add the figures published on ScanNet, marked as such");
  options
      .add_option(
          "--every-frame", arguments->evaluate.every_frame, "Judge every so many of the labelled frames; 0: none")
      ->capture_default_str();
  options.add_option("--device", arguments->evaluate.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  options.add_option("--threads", arguments->evaluate.num_threads, "Threads; 0 is one per processor")
      ->capture_default_str();
  return [=](const Context& context) { return evaluate(*arguments, context); };
}

}  // namespace tagscape::cli
