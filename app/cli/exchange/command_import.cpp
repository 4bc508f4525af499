#include "app/cli/printing.h"
#include "app/cli/scene_arguments.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/exchange/exporter.h"
#include "core/exchange/format_table.h"
#include "core/exchange/importer.h"
#include "core/exchange/label_sources.h"
#include "core/exchange/project_layer.h"
#include "core/io/cam_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace tagscape::cli {
namespace {

namespace fs = std::filesystem;

struct ImportArguments {
  SceneArguments scenes;
  std::string from, format, map, out, layer = "import", as = "labels";
  double max_distance_m = ImportOptions{}.max_distance_m;
};

std::string classNameOf(const IdReading& reading, const ExchangeClasses& classes) {
  if (!reading.is_known) return "?";
  return reading.row == kUnlabelled ? "none" : classes[reading.row].name;
}

nlohmann::json describe(const Scene& scene,
                        const ForeignSource& source,
                        const ImportedLayer& imported,
                        const std::vector<std::string>& files) {
  nlohmann::json ids = nlohmann::json::array();
  for (const auto& reading : imported.ids.readings)
    ids.push_back({{"id", reading.id},
                   {"name", reading.name},
                   {"count", reading.count},
                   {"class", classNameOf(reading, imported.layer.classes)}});
  return {{"scene", scene.name},
          {"format", source.format->name},
          {"from", source.place.string()},
          {"ids", ids},
          {"ids_read", imported.ids.note},
          {"match", imported.match_note},
          {"share_matched", imported.share_matched},
          {"frames", imported.layer.frames == nullptr ? 0 : imported.layer.frames->indices().size()},
          {"notes", imported.notes},
          {"files", files}};
}

void printText(const nlohmann::json& row) {
  fmt::print("{}: {} from {}\n",
             row["scene"].get<std::string>(),
             row["format"].get<std::string>(),
             row["from"].get<std::string>());
  const auto match = row["match"].get<std::string>();
  if (!match.empty()) fmt::print("  points matched {}: {:.1f} %\n", match, 100 * row["share_matched"].get<double>());
  if (!row["ids"].empty()) fmt::print("  ids understood {}\n", row["ids_read"].get<std::string>());
  for (const auto& id : row["ids"])
    fmt::print("  {:>6} {:<24} {:<16} {}\n",
               id["id"].get<int>(),
               id["name"].get<std::string>(),
               id["class"].get<std::string>(),
               id["count"].get<std::uint64_t>());
  for (const auto& file : row["files"]) fmt::print("  written to {}\n", file.get<std::string>());
}

Result<std::vector<std::string>> writePrediction(const Scene& scene,
                                                 const ImportedLayer& imported,
                                                 const fs::path& out) {
  if (imported.layer.points.size() == 0 && imported.prediction == nullptr)
    return failFile(ErrorCode::InvalidInput,
                    scene.path,
                    "a prediction needs labels of points or probabilities of frames",
                    "Import as labels");
  const fs::path file = out / (scene.name + ".safetensors");
  TAGSCAPE_TRY(writeCams(
      file, imported.prediction != nullptr ? *imported.prediction : predictionOfLayer(scene, imported.layer)));
  return std::vector<std::string>{file.string()};
}

Result<std::vector<std::string>> writeLabels(const SharedScene& scene,
                                             const ImportedLayer& imported,
                                             const fs::path& out,
                                             const Job& job) {
  ExportOptions options;
  options.program = "tagscape " TAGSCAPE_VERSION;
  const bool has_points = imported.layer.points.size() > 0;
  TAGSCAPE_ASSIGN(options.formats,
                  exchangeFormatsNamed(has_points ? std::vector<std::string>{"ply"} : std::vector<std::string>{}));
  if (imported.layer.frames != nullptr) {
    TAGSCAPE_ASSIGN(const ExchangeFormat* images, exchangeFormatNamed("label-images"));
    options.formats.push_back(images);
  }
  TAGSCAPE_ASSIGN(Exporter exporter, Exporter::create(out, options, imported.layer.classes));
  TAGSCAPE_ASSIGN(const ExportedScene record, exporter.add(scene, imported.layer, job));
  std::vector<std::string> files;
  for (const auto& file : record.files) files.push_back((out / file.path).string());
  constexpr std::size_t kMostNamed = 5;
  if (files.size() > kMostNamed)
    return std::vector<std::string>{fmt::format("{} ({} files)", out.string(), files.size())};
  return files;
}

/// What all scenes of one import share.
struct ImportTarget {
  ImportOptions options{};
  ExchangeClasses classes = scanNetClasses();
  const ExchangeFormat* format = nullptr;  ///< Null: found out.
  std::optional<Project> project{};
};

Status prepare(const ImportArguments& arguments, ImportTarget& target) {
  if (arguments.out.empty() == arguments.scenes.project.empty())
    return fail(ErrorCode::InvalidInput,
                "Name one place to write to: a folder with --out, or a project with --project");
  if (!arguments.scenes.project.empty()) {
    TAGSCAPE_ASSIGN(Project project, Project::open(arguments.scenes.project));
    if (project.isReadOnly())
      return failFile(ErrorCode::NotWritable, arguments.scenes.project, project.problem(), "Then import again");
    target.classes = exchangeClassesOf(project.classes());
    target.project = std::move(project);
  } else {
    TAGSCAPE_TRY(ensureWritableFolder(arguments.out));
  }
  target.options.max_distance_m = arguments.max_distance_m;
  if (!arguments.map.empty()) {
    TAGSCAPE_ASSIGN(target.options.map, readIdMap(arguments.map, target.classes));
  }
  if (!arguments.format.empty()) {
    TAGSCAPE_ASSIGN(target.format, exchangeFormatNamed(arguments.format));
  }
  return {};
}

/// @return where it was written.
Result<std::vector<std::string>> store(const ImportArguments& arguments,
                                       ImportTarget& target,
                                       const SharedScene& scene,
                                       const ImportedLayer& imported,
                                       const Job& job) {
  if (target.project) {
    TAGSCAPE_TRY(addToProject(*target.project, scene, arguments.layer, imported.layer, job));
    return std::vector<std::string>{fmt::format("{}, layer \"{}\"", arguments.scenes.project, arguments.layer)};
  }
  if (arguments.as == "prediction") return writePrediction(*scene, imported, arguments.out);
  return writeLabels(scene, imported, arguments.out, job);
}

Result<nlohmann::json> importScene(
    const ImportArguments& arguments, ImportTarget& target, const fs::path& path, bool alone, const Job& job) {
  TAGSCAPE_ASSIGN(const OpenOptions open_options, arguments.scenes.fuse.openOptions());
  TAGSCAPE_ASSIGN(const SharedScene scene, openScene(path, open_options, job));
  auto source = readForeign(arguments.from, scene->name, target.format);
  if (!source && alone) {  // the files of one scene may bear another name
    if (auto unnamed = readForeign(arguments.from, {}, target.format)) source = std::move(unnamed);
  }
  if (!source) return fail(source.error());
  TAGSCAPE_ASSIGN(const ImportedLayer imported, importLayer(scene, *source, target.classes, target.options, job));
  for (const auto& note : imported.notes) log::warn(fmt::format("{}: {}", source->place.string(), note));
  TAGSCAPE_ASSIGN(const auto files, store(arguments, target, scene, imported, job));
  return describe(*scene, *source, imported, files);
}

Status importAll(const ImportArguments& arguments, const Context& context) {
  ImportTarget target;
  TAGSCAPE_TRY(prepare(arguments, target));
  TAGSCAPE_ASSIGN(const auto paths, arguments.scenes.list());
  const bool alone = paths.size() == 1;
  nlohmann::json rows = nlohmann::json::array();
  std::size_t num_failed = 0;
  for (const auto& path : paths) {
    TAGSCAPE_TRY(context.job.checkStop("Importing"));
    auto row = importScene(arguments, target, path, alone, context.job);
    const bool ends =
        !row && (alone || row.error().code == ErrorCode::Cancelled || row.error().code == ErrorCode::NotWritable);
    if (ends) return fail(row.error());
    if (!row) {
      log::error(row.error().message);
      ++num_failed;
      continue;
    }
    if (!context.json) printText(*row);
    rows.push_back(std::move(*row));
  }
  if (context.json) printJson(rows);
  if (num_failed == 0) return {};
  return fail(ErrorCode::InvalidInput,
              fmt::format("labels of {} of {} scenes could not be imported", num_failed, paths.size()));
}

}  // namespace

Action addImport(CLI::App& options) {
  auto arguments = std::make_shared<ImportArguments>();
  arguments->scenes.addTo(options);
  options.add_option("--from", arguments->from, "The file or folder of labels that another program wrote")->required();
  options.add_option(
      "--format", arguments->format, "Its format, as `tagscape export --list-formats` names it; found out by default");
  options.add_option(
      "--map", arguments->map, "A file of lines \"7 = table\" or \"couch = sofa\" that says what ids and names mean");
  options
      .add_option(
          "--max-distance", arguments->max_distance_m, "How far the nearest point of the file may be, in metres")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  options
      .add_option(
          "--as", arguments->as, "labels (PLY and label images, for `tagscape evaluate --labels`) or prediction")
      ->check(CLI::IsMember({"labels", "prediction"}))
      ->capture_default_str();
  options.add_option("--out", arguments->out, "The folder to write to");
  options.get_option("--project")
      ->description("Instead of --out: the project file whose layer takes the labels, in its classes");
  options.add_option("--layer", arguments->layer, "The layer of the project, which is added where there is none")
      ->capture_default_str();
  return [=](const Context& context) { return importAll(*arguments, context); };
}

}  // namespace tagscape::cli
