// tagscape project prelabel, export, merge, tags.

#include "app/cli/printing.h"
#include "app/cli/project/project_access.h"
#include "app/cli/project/project_commands.h"
#include "core/annotate/prelabel.h"
#include "core/annotate/project_merge.h"
#include "core/exchange/exporter.h"
#include "core/exchange/format_table.h"
#include "core/exchange/project_layer.h"
#include "core/io/cam_file.h"
#include "core/run/run_directory.h"
#include "core/scans/tags_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace tagscape::cli {
namespace {

using nlohmann::json;

constexpr const char* kProject = "The project file (.tagscape)";
constexpr const char* kScene = "Name or path of the scene; needed if there are several";

struct PrelabelArguments {
  std::string project, scene, run, file, only_class;
  double min_confidence = 0;
  bool only_unlabelled = false;
};

/// What is offered, and the weights that made it.
Result<std::pair<PointLabels, std::string>> offeredLabels(const PrelabelArguments& arguments,
                                                          const ProjectScene& scene) {
  if (arguments.run.empty() == arguments.file.empty())
    return fail(ErrorCode::InvalidInput, "Name either a run (--run) or a file of labels (--file)");
  if (!arguments.file.empty()) {
    TAGSCAPE_ASSIGN(PointLabels labels, readPointLabels(arguments.file));
    return std::pair(std::move(labels), std::string());
  }
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(arguments.run));
  TAGSCAPE_ASSIGN(const SceneCams cams, readCams(run.predictionFile(scene.name)));
  return std::pair(labelsOfPrediction(cams), cams.origin);
}

Status prelabelScene(const PrelabelArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(Project project, openForWriting(arguments.project));
  TAGSCAPE_ASSIGN(const ProjectScene scene, sceneNamed(project, arguments.scene));
  TAGSCAPE_ASSIGN(const auto offered, offeredLabels(arguments, scene));
  ProposalOptions options;
  constexpr double kFull = 255;
  options.min_confidence = static_cast<std::uint8_t>(std::lround(arguments.min_confidence * kFull));
  options.only_unlabelled = arguments.only_unlabelled;
  if (!arguments.only_class.empty()) {
    options.only_class = project.classes().find(arguments.only_class);
    if (!options.only_class)
      return fail(ErrorCode::InvalidInput, fmt::format("The project has no class '{}'", arguments.only_class));
  }
  const ProjectLayer layer = project.pointLayer(scene.id).value();
  TAGSCAPE_ASSIGN(const auto loaded, project.loadLayer(layer.id));
  const std::string tool = arguments.run.empty() ? "import" : "prediction";
  TAGSCAPE_ASSIGN(const ProjectEdit edit,
                  prelabel(project, layer, loaded.labels, offered.first, tool, offered.second, options));
  if (!edit.isEmpty()) TAGSCAPE_TRY(project.commit(edit));
  if (context.json) {
    printJson({{"scene", scene.name}, {"points", layer.size}, {"changed", edit.numElements()}});
  } else {
    fmt::print("{}: labels of {} of {} points were taken\n", scene.name, edit.numElements(), layer.size);
  }
  return {};
}

struct ExportArguments {
  std::string project, scene, out;
  std::vector<std::string> formats{"ply", "scannet"};
  FuseArguments fuse;
};

Status exportProject(const ExportArguments& arguments, const Context& context) {
  ExportOptions options;
  options.program = "tagscape " TAGSCAPE_VERSION;
  TAGSCAPE_ASSIGN(options.formats, exchangeFormatsNamed(arguments.formats));
  TAGSCAPE_ASSIGN(Project only_read, Project::openReadOnly(arguments.project));
  const auto project = std::make_shared<Project>(std::move(only_read));
  TAGSCAPE_ASSIGN(const OpenOptions open_options, arguments.fuse.openOptions());
  std::vector<ProjectScene> scenes = project->scenes();
  if (!arguments.scene.empty()) {
    TAGSCAPE_ASSIGN(const ProjectScene scene, sceneNamed(*project, arguments.scene));
    scenes = {scene};
  }
  TAGSCAPE_ASSIGN(Exporter exporter, Exporter::create(arguments.out, options, exchangeClassesOf(project->classes())));
  json written = json::array();
  for (const ProjectScene& scene : scenes) {
    TAGSCAPE_ASSIGN(const SharedScene opened, openProjectScene(scene, open_options, context.job));
    TAGSCAPE_ASSIGN(ExchangeLayer layer, layerOfProject(project, opened, {}));
    TAGSCAPE_ASSIGN(const ExportedScene record, exporter.add(opened, std::move(layer), context.job));
    for (const auto& file : record.files) {
      written.push_back((std::filesystem::path(arguments.out) / file.path).string());
      if (!context.json) fmt::print("{}\n", written.back().get<std::string>());
    }
  }
  if (context.json) printJson({{"files", written}});
  return {};
}

struct MergeArguments {
  std::string ours, theirs, conflicts = "keep";
};

Status merge(const MergeArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(Project ours, openForWriting(arguments.ours));
  TAGSCAPE_ASSIGN(Project theirs, Project::openReadOnly(arguments.theirs));
  const ConflictRule rule = arguments.conflicts == "take"    ? ConflictRule::TakeTheirs
                            : arguments.conflicts == "clear" ? ConflictRule::Clear
                                                             : ConflictRule::KeepOurs;
  TAGSCAPE_ASSIGN(const MergeReport report, mergeProjects(ours, theirs, rule, context.job));
  json scenes = json::array();
  for (const MergedScene& scene : report.scenes) {
    json pairs = json::array();
    for (const auto& [classes, count] : scene.conflicts)
      pairs.push_back({{"ours", classes.first}, {"theirs", classes.second}, {"points", count}});
    scenes.push_back({{"name", scene.name},
                      {"taken", scene.num_taken},
                      {"agreeing", scene.num_agreeing},
                      {"conflicts", scene.num_conflicts},
                      {"conflicts_by_class", pairs},
                      {"tags_taken", scene.num_tags_taken},
                      {"tag_conflicts", scene.tag_conflicts}});
    if (context.json) continue;
    fmt::print("{}: {} labels taken, {} agree, {} conflict; tags of {} taken\n",
               scene.name,
               scene.num_taken,
               scene.num_agreeing,
               scene.num_conflicts,
               scene.num_tags_taken);
    for (const auto& [classes, count] : scene.conflicts)
      fmt::print("  ours {}, theirs {}: {} points\n", classes.first, classes.second, count);
    for (const std::string& conflict : scene.tag_conflicts) fmt::print("  tags of {}\n", conflict);
  }
  for (const std::string& problem : report.problems) {
    if (!context.json) fmt::print("not merged: {}\n", problem);
  }
  if (context.json) printJson({{"scenes", scenes}, {"problems", report.problems}});
  return {};
}

struct TagsArguments {
  std::string project, scene, frames, file;
  std::vector<std::string> classes;
  bool sets = false;
  bool writes = false;
};

Result<ClassTags> tagsNamed(const ClassSet& classes, const std::vector<std::string>& names) {
  ClassTags tags;
  for (const std::string& name : names) {
    if (name.empty()) continue;  // --set "" takes all tags away.
    const auto found = classes.find(name);
    if (!found) return fail(ErrorCode::InvalidInput, fmt::format("The project has no class '{}'", name));
    tags.set(*found);
  }
  return tags;
}

std::vector<std::string> namesOf(const ClassSet& classes, const ClassTags& tags) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (tags[i]) names.push_back(classes.classes[i].name);
  }
  return names;
}

/// "12" or "10-40": frame numbers. Errors: InvalidInput.
Result<std::pair<int, int>> framesOf(const std::string& text) {
  int first = 0, last = 0, end = 0;
  const bool is_range = std::sscanf(text.c_str(), "%d-%d%n", &first, &last, &end) == 2;
  if (!is_range) {
    if (std::sscanf(text.c_str(), "%d%n", &first, &end) != 1) end = 0;
    last = first;
  }
  if (end == static_cast<int>(text.size()) && end > 0 && first <= last) return std::pair(first, last);
  return fail(ErrorCode::InvalidInput,
              fmt::format("--frames {}: neither a frame number nor a range such as 10-40", text));
}

Status setTags(const TagsArguments& arguments, Project& project, const ProjectScene& scene, const Job& job) {
  TAGSCAPE_ASSIGN(const ClassTags tags, tagsNamed(project.classes(), arguments.classes));
  ProjectEdit edit;
  edit.scene = scene.id;
  edit.tool = "tags";
  edit.text = fmt::format("{}", fmt::join(arguments.classes, ", "));
  if (arguments.frames.empty()) {
    edit.tags.push_back({std::nullopt, project.sceneTags(scene.id), tags});
    return project.commit(edit).map([](EditId) {});
  }
  TAGSCAPE_ASSIGN(const auto range, framesOf(arguments.frames));
  TAGSCAPE_TRY(job.checkStop("Changing tags"));
  TAGSCAPE_ASSIGN(const SharedScene opened, peekScene(scene.path, {}));
  const auto before = project.frameTags(scene.id);
  for (const Frame& frame : opened->frames) {
    if (frame.number < range.first || frame.number > range.second) continue;
    const auto found = before.find(frame.number);
    edit.tags.push_back({frame.number, found == before.end() ? std::nullopt : std::optional(found->second), tags});
  }
  if (edit.tags.empty())
    return fail(ErrorCode::InvalidInput, fmt::format("{} has no frame in {}", scene.name, arguments.frames));
  fmt::print(stderr, "tags of {} frames set\n", edit.tags.size());
  return project.commit(edit).map([](EditId) {});
}

/// Copies a file that is about to be replaced to NAME.bak, unless there is such a copy: the first one is what the scan
/// came with. Errors: NotWritable if the file is write-protected, even for a user who could replace it all the same.
Status keepFormerFile(const std::filesystem::path& file) {
  namespace fs = std::filesystem;
  std::error_code code;
  const fs::file_status status = fs::status(file, code);
  if (!fs::is_regular_file(status)) return {};
  constexpr fs::perms kWritable = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  if ((status.permissions() & kWritable) == fs::perms::none)
    return failFile(ErrorCode::NotWritable, file, "it is write-protected", "Name another file with --out");
  const fs::path copy = file.string() + ".bak";
  if (fs::exists(copy, code)) return {};
  if (!fs::copy_file(file, copy, code))
    return failFile(ErrorCode::NotWritable, copy, code.message(), "Name another file with --out");
  fmt::print(stderr, "the former file is kept as {}\n", copy.string());
  return {};
}

Status writeTagsFile(const TagsArguments& arguments, const Project& project, const ProjectScene& scene) {
  Tags tags;
  if (const auto own = project.sceneTags(scene.id)) tags.scene = catalogTagsOf(*own, project.classes());
  for (const auto& [frame, of_frame] : project.frameTags(scene.id))
    tags.frames.emplace(frame, catalogTagsOf(of_frame, project.classes()));
  const std::filesystem::path file =
      arguments.file.empty() ? scene.path / "tags.json" : std::filesystem::path(arguments.file);
  TAGSCAPE_TRY(keepFormerFile(file));
  TAGSCAPE_TRY(writeTags(file, tags));
  fmt::print(stderr, "written: {}\n", file.string());
  return {};
}

Status tags(const TagsArguments& arguments, const Context& context) {
  if (arguments.sets) {
    TAGSCAPE_ASSIGN(Project project, openForWriting(arguments.project));
    TAGSCAPE_ASSIGN(const ProjectScene scene, sceneNamed(project, arguments.scene));
    TAGSCAPE_TRY(setTags(arguments, project, scene, context.job));
  }
  TAGSCAPE_ASSIGN(const Project project, Project::openReadOnly(arguments.project));
  TAGSCAPE_ASSIGN(const ProjectScene scene, sceneNamed(project, arguments.scene));
  if (arguments.writes || !arguments.file.empty()) TAGSCAPE_TRY(writeTagsFile(arguments, project, scene));
  const auto own = project.sceneTags(scene.id);
  const auto frames = project.frameTags(scene.id);
  if (context.json) {
    json of_frames = json::object();
    for (const auto& [frame, of_frame] : frames)
      of_frames[std::to_string(frame)] = namesOf(project.classes(), of_frame);
    json report = {{"frames", of_frames}};
    if (own) report["scene"] = namesOf(project.classes(), *own);
    printJson(report);
    return {};
  }
  fmt::print("scene: {}\n", own ? fmt::format("{}", fmt::join(namesOf(project.classes(), *own), ", ")) : "not tagged");
  for (const auto& [frame, of_frame] : frames)
    fmt::print("frame {}: {}\n", frame, fmt::join(namesOf(project.classes(), of_frame), ", "));
  fmt::print("{} of {} frames tagged\n", frames.size(), scene.num_frames);
  return {};
}

}  // namespace

Action addProjectPrelabel(CLI::App& options) {
  auto arguments = std::make_shared<PrelabelArguments>();
  options.add_option("project", arguments->project, kProject)->required();
  options.add_option("--scene", arguments->scene, kScene);
  options.add_option("--run", arguments->run, "Take the prediction of this run (`tagscape predict` makes it)");
  options.add_option("--file", arguments->file, "Take labels from a file in a format that `tagscape import` reads");
  options.add_option("--class", arguments->only_class, "Take only labels of this class");
  options.add_option("--min-confidence", arguments->min_confidence, "Take only labels at least as confident, 0 to 1")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  options.add_flag("--only-unlabelled", arguments->only_unlabelled, "Change only points that have no label");
  return [=](const Context& context) { return prelabelScene(*arguments, context); };
}

Action addProjectExport(CLI::App& options) {
  auto arguments = std::make_shared<ExportArguments>();
  options.add_option("project", arguments->project, kProject)->required();
  options.add_option("--scene", arguments->scene, "Only this scene");
  options.add_option("--out", arguments->out, "The folder to write to")->required();
  options.add_option("--format", arguments->formats, "One or more formats of `tagscape export --list-formats`")
      ->delimiter(',');
  arguments->fuse.addTo(options);
  return [=](const Context& context) { return exportProject(*arguments, context); };
}

Action addProjectMerge(CLI::App& options) {
  auto arguments = std::make_shared<MergeArguments>();
  options.add_option("project", arguments->ours, "The project that is changed")->required();
  options.add_option("other", arguments->theirs, "The project whose labels and tags are brought in")->required();
  options
      .add_option("--conflicts", arguments->conflicts, "Where two people disagree: keep ours, take theirs, clear both")
      ->check(CLI::IsMember({"keep", "take", "clear"}))
      ->capture_default_str();
  return [=](const Context& context) { return merge(*arguments, context); };
}

Action addProjectTags(CLI::App& options) {
  auto arguments = std::make_shared<TagsArguments>();
  options.add_option("project", arguments->project, kProject)->required();
  options.add_option("--scene", arguments->scene, kScene);
  auto* set = options.add_option("--set", arguments->classes, "Replace tags by these classes, separated by commas")
                  ->delimiter(',');
  options.add_option("--frames", arguments->frames, "With --set: of these frames, 12 or 10-40, instead of the scene")
      ->needs(set);
  options.add_flag("--write", arguments->writes, "Write tags.json into the scan's folder");
  options.add_option("--out", arguments->file, "Write them to this file, as tags.json");
  set->each([arguments](const std::string&) { arguments->sets = true; });
  return [=](const Context& context) { return tags(*arguments, context); };
}

}  // namespace tagscape::cli
