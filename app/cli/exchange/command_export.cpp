#include "app/cli/exchange/layer_arguments.h"
#include "app/cli/printing.h"
#include "app/cli/scene_arguments.h"
#include "app/cli/shard.h"
#include "core/base/log.h"
#include "core/exchange/exporter.h"
#include "core/exchange/format_table.h"
#include "core/exchange/submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

namespace tagscape::cli {
namespace {

constexpr const char* kPipe = "-";

struct ExportArguments {
  SceneArguments scenes;
  LayerArguments layer;
  LayerOptionArguments options;
  std::string out, shard, content = "auto";
  std::vector<std::string> formats{"ply", "scannet"};
  std::vector<std::string> image_ids{"nyu40"};
  bool again = false;
  bool submission = false;
  bool list = false;
};

Result<ExportOptions> optionsFrom(const ExportArguments& arguments, const ExchangeClasses& classes) {
  ExportOptions options;
  TAGSCAPE_ASSIGN(options.formats, exchangeFormatsNamed(arguments.formats));
  TAGSCAPE_ASSIGN(options.layer, arguments.options.resolve(classes));
  options.points = arguments.content != "frames";
  options.frames = arguments.content != "points";
  options.again = arguments.again;
  options.program = "tagscape " TAGSCAPE_VERSION;
  options.image_ids.clear();
  for (const auto& name : arguments.image_ids)
    options.image_ids.push_back(name == "raw" ? ImageIds::Raw : name == "train" ? ImageIds::Train : ImageIds::Nyu40);
  return options;
}

/// Exports scene after scene and tells of each.
class SceneExports {
 public:
  SceneExports(const ExportArguments& arguments, LayerSource source, Exporter exporter, const Context& context)
      : arguments_(arguments), source_(std::move(source)), exporter_(std::move(exporter)), context_(context) {}

  /// A scene that cannot be exported is told, and the others go on, unless it is `alone`.
  Status add(const std::filesystem::path& path, bool alone) {
    auto record = exported(path);
    if (record) {
      tell(*record);
      return {};
    }
    const ErrorCode code = record.error().code;
    if (alone || code == ErrorCode::Cancelled || code == ErrorCode::NotWritable || code == ErrorCode::Internal)
      return fail(record.error());
    log::error(record.error().message);
    ++num_failed_;
    return {};
  }

  Status finish(std::size_t num_scenes) {
    if (context_.json) printJson(rows_);
    if (num_there_ > 0)
      log::info(
          fmt::format("{} of {} scenes were there already, with the same labels and options; --again writes them anew",
                      num_there_,
                      num_scenes));
    if (num_failed_ == 0) return {};
    return fail(ErrorCode::InvalidInput, fmt::format("{} of {} scenes could not be exported", num_failed_, num_scenes));
  }

 private:
  Result<ExportedScene> exported(const std::filesystem::path& path) {
    TAGSCAPE_ASSIGN(const OpenOptions open_options, arguments_.scenes.fuse.openOptions());
    TAGSCAPE_ASSIGN(const SharedScene scene, openScene(path, open_options, context_.job));
    TAGSCAPE_ASSIGN(ExchangeLayer layer, source_.layer(scene, context_.job));
    return exporter_.add(scene, std::move(layer), context_.job);
  }

  void tell(const ExportedScene& record) {
    num_there_ += record.was_there ? 1 : 0;
    if (context_.json) {
      for (const auto& file : record.files) {
        rows_.push_back({{"scene", record.name},
                         {"layer", record.layer},
                         {"format", file.format},
                         {"file", (std::filesystem::path(arguments_.out) / file.path).string()},
                         {"bytes", file.bytes},
                         {"sha256", file.sha256},
                         {"was_there", record.was_there}});
      }
      return;
    }
    std::map<std::string, std::vector<const ExportedFile*>> by_format;
    for (const auto& file : record.files) by_format[file.format].push_back(&file);
    fmt::print("{}: {}, {} of {} points labelled{}\n",
               record.name,
               record.layer,
               record.num_labelled,
               record.num_points,
               record.was_there ? " (there already)" : "");
    for (const auto& [format, files] : by_format) {
      const auto out = std::filesystem::path(arguments_.out);
      if (files.size() == 1) fmt::print("  {:<18} {}\n", format, (out / files[0]->path).string());
      if (files.size() > 1) fmt::print("  {:<18} {} ({} files)\n", format, (out / format).string(), files.size());
    }
  }

  const ExportArguments& arguments_;
  LayerSource source_;
  Exporter exporter_;
  const Context& context_;
  nlohmann::json rows_ = nlohmann::json::array();
  std::size_t num_there_ = 0;
  std::size_t num_failed_ = 0;
};

/// One scene in one file, to stdout.
Status exportToPipe(const ExportArguments& arguments,
                    const LayerSource& source,
                    const ExportOptions& options,
                    const std::filesystem::path& path,
                    const Context& context) {
  if (context.json) return fail(ErrorCode::InvalidInput, "--json and --out - both write to stdout. Name a folder");
  TAGSCAPE_ASSIGN(const OpenOptions open_options, arguments.scenes.fuse.openOptions());
  TAGSCAPE_ASSIGN(const SharedScene scene, openScene(path, open_options, context.job));
  TAGSCAPE_ASSIGN(ExchangeLayer layer, source.layer(scene, context.job));
  TAGSCAPE_ASSIGN(const auto bytes, exportToBytes(scene, std::move(layer), options));
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0) return {};
  return fail(ErrorCode::NotWritable, "stdout did not take the file. Check what reads it");
}

/// Packs what ScanNet's benchmark takes.
Status pack(const ExportOptions& options, const std::filesystem::path& out, const Context& context) {
  for (const ExchangeFormat* format : options.formats) {
    if (!isSubmissionFormat(*format)) continue;
    TAGSCAPE_ASSIGN(const auto file, writeSubmission(out, *format, context.job));
    log::info(fmt::format("for ScanNet's benchmark: {}", file.string()));
  }
  return {};
}

void listFormats(bool as_json) {
  nlohmann::json rows = nlohmann::json::array();
  for (const ExchangeFormat& format : exchangeFormats()) {
    const std::string holds = format.points && format.frames ? "points and frames"
                              : format.points                ? "points"
                                                             : "frames";
    if (!as_json) fmt::print("{:<18} {:<18} {}\n", format.name, holds, format.summary);
    rows.push_back({{"name", format.name},
                    {"holds", holds},
                    {"summary", format.summary},
                    {"reads", format.read != nullptr},
                    {"instances", format.instances}});
  }
  if (as_json) printJson(rows);
}

Status exportScenes(const ExportArguments& arguments, const Context& context) {
  if (arguments.list) {
    listFormats(context.json);
    return {};
  }
  if (arguments.out.empty() || arguments.scenes.paths.empty())
    return fail(ErrorCode::InvalidInput, "Name a scan and, with --out, the folder to write to (or - for stdout)");
  TAGSCAPE_TRY(exchangeFormatsNamed(arguments.formats));
  TAGSCAPE_ASSIGN(const LayerSource source, arguments.layer.open());
  TAGSCAPE_ASSIGN(const ExportOptions options, optionsFrom(arguments, source.classes));
  TAGSCAPE_ASSIGN(const Shard shard, shardFrom(arguments.shard));
  TAGSCAPE_ASSIGN(const auto all, arguments.scenes.list());
  const auto paths = shard.of(all);
  if (arguments.out == kPipe) {
    if (paths.size() != 1)
      return fail(ErrorCode::InvalidInput,
                  fmt::format("stdout takes one scene, and there are {}. Name a folder", paths.size()));
    return exportToPipe(arguments, source, options, paths.front(), context);
  }
  if (shard.count > 1) log::info(fmt::format("part {}: {} of {} scenes", shard.name(), paths.size(), all.size()));
  TAGSCAPE_ASSIGN(Exporter exporter, Exporter::create(arguments.out, options, source.classes));
  SceneExports exports(arguments, source, std::move(exporter), context);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (paths.size() > 1)
      context.job.report("Exporting scenes",
                         static_cast<std::int64_t>(i),
                         static_cast<std::int64_t>(paths.size()),
                         paths[i].filename().string());
    TAGSCAPE_TRY(exports.add(paths[i], all.size() == 1));
  }
  TAGSCAPE_TRY(exports.finish(paths.size()));
  return arguments.submission ? pack(options, arguments.out, context) : Status();
}

std::string formatNames() {
  std::string names;
  for (const ExchangeFormat& format : exchangeFormats())
    names += fmt::format("{}{}", names.empty() ? "" : " ", format.name);
  return names;
}

}  // namespace

Action addExport(CLI::App& options) {
  auto arguments = std::make_shared<ExportArguments>();
  arguments->scenes.addTo(options);
  options.get_option("paths")->required(false);
  arguments->layer.addTo(options, arguments->scenes);
  options.add_option("--out",
                     arguments->out,
                     "The folder to write to, with a folder for each format; - is stdout, for one scene in one file");
  options.add_option("--format", arguments->formats, "One or more of: " + formatNames())
      ->delimiter(',')
      ->capture_default_str();
  options.add_flag("--list-formats", arguments->list, "List the formats and what they hold");
  options.add_option("--content", arguments->content, "auto (what the format holds), points or frames")
      ->check(CLI::IsMember({"auto", "points", "frames"}))
      ->capture_default_str();
  options
      .add_option("--image-ids",
                  arguments->image_ids,
                  "Ids in label-images: nyu40, train (0 to 19) and raw (ScanNet's categories)")
      ->delimiter(',')
      ->check(CLI::IsMember({"nyu40", "train", "raw"}))
      ->capture_default_str();
  arguments->options.addTo(options);
  options.add_flag("--again", arguments->again, "Write scenes that are there with the same labels and options");
  options.add_flag("--submission",
                   arguments->submission,
                   "Also pack scannet, scannet-instances and label-images for ScanNet's benchmark, by its rules");
  options.add_option("--shard",
                     arguments->shard,
                     "Export only part I of N of the scenes, as I/N; by default taken from RANK and WORLD_SIZE");
  return [=](const Context& context) { return exportScenes(*arguments, context); };
}

}  // namespace tagscape::cli
