// tagscape project new, add, info, classes, repair.

#include "app/cli/printing.h"
#include "app/cli/project/project_access.h"
#include "app/cli/project/project_commands.h"
#include "core/base/files.h"

#include <fmt/format.h>

namespace tagscape::cli {
namespace {

using nlohmann::json;

struct ScenesArguments {
  std::string project;
  std::string classes = "scannet20";
  std::vector<std::string> paths;
  FuseArguments fuse;
};

Status addScans(Project& project, const ScenesArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(const OpenOptions options, arguments.fuse.openOptions());
  json added = json::array();
  for (const std::string& path : arguments.paths) {
    TAGSCAPE_ASSIGN(const bool is_new, addScan(project, path, options, context.job));
    added.push_back({{"path", path}, {"added", is_new}});
    if (!context.json) fmt::print("{}: {}\n", path, is_new ? "added" : "was there already");
  }
  if (context.json) printJson({{"project", project.path().string()}, {"scenes", added}});
  return {};
}

Status begin(const ScenesArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(const ClassSet classes, readClassSet(arguments.classes));
  TAGSCAPE_ASSIGN(Project project, Project::create(arguments.project, classes));
  return addScans(project, arguments, context);
}

Status add(const ScenesArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(Project project, openForWriting(arguments.project));
  return addScans(project, arguments, context);
}

json describe(Project& project, const ProjectScene& scene) {
  json classes = json::object();
  std::size_t num_labelled = 0, by_person = 0;
  json problems = json::array();
  const auto layer = project.pointLayer(scene.id);
  const auto loaded = layer ? project.loadLayer(layer->id) : Result<Project::LoadedLayer>(Project::LoadedLayer{});
  if (loaded) {
    const LabelLayer& labels = loaded->labels;
    num_labelled = labels.numLabelled();
    for (std::size_t c = 0; c < project.classes().size(); ++c) {
      const std::size_t count = labels.count(static_cast<std::uint8_t>(c));
      if (count > 0) classes[project.classes().classes[c].name] = count;
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::uint16_t source = labels.sources()[i];
      if (labels.labels()[i] != kNoClass && source < project.sources().size())
        by_person += project.sources()[source].isPerson() ? 1 : 0;
    }
    for (const std::string& problem : loaded->problems) problems.push_back(problem);
  } else {
    problems.push_back(loaded.error().message);
  }
  const ProjectEffort effort = project.effort(scene.id);
  return {{"name", scene.name},
          {"path", scene.path.string()},
          {"points", scene.num_points},
          {"labelled", num_labelled},
          {"labelled_by_people", by_person},
          {"classes", classes},
          {"frames", scene.num_frames},
          {"tagged_frames", project.frameTags(scene.id).size()},
          {"done_by", scene.done.by},
          {"checked_by", scene.checked.by},
          {"actions", effort.num_actions},
          {"minutes", effort.seconds / 60},
          {"problems", problems}};
}

void print(const json& scene) {
  const auto points = scene["points"].get<double>();
  fmt::print("{}\n  {} of {} points labelled ({:.1f} %), {} by people; {} of {} frames tagged\n",
             scene["name"].get<std::string>(),
             scene["labelled"].get<std::size_t>(),
             scene["points"].get<std::size_t>(),
             points > 0 ? 100 * scene["labelled"].get<double>() / points : 0.,
             scene["labelled_by_people"].get<std::size_t>(),
             scene["tagged_frames"].get<std::size_t>(),
             scene["frames"].get<std::size_t>());
  for (const auto& [name, count] : scene["classes"].items())
    fmt::print("  {:<20} {:5.1f} %\n", name, 100 * count.get<double>() / points);
  fmt::print("  {} actions in {:.1f} minutes\n", scene["actions"].get<std::size_t>(), scene["minutes"].get<double>());
  for (const char* mark : {"done_by", "checked_by"}) {
    const auto by = scene[mark].get<std::string>();
    if (!by.empty()) fmt::print("  {} {}\n", std::string(mark) == "done_by" ? "done by" : "checked by", by);
  }
  for (const auto& problem : scene["problems"]) fmt::print("  problem: {}\n", problem.get<std::string>());
}

Status info(const std::string& path, const Context& context) {
  TAGSCAPE_ASSIGN(Project project, Project::openReadOnly(path));
  json scenes = json::array();
  for (const ProjectScene& scene : project.scenes()) scenes.push_back(describe(project, scene));
  if (context.json) {
    printJson({{"project", project.path().string()},
               {"class_set", project.classes().name},
               {"num_classes", project.classes().size()},
               {"edits", project.revision()},
               {"scenes", scenes}});
    return {};
  }
  fmt::print("{}\n  class set {} ({} classes), {} edits\n",
             project.path().string(),
             project.classes().name,
             project.classes().size(),
             project.revision());
  for (const json& scene : scenes) print(scene);
  return {};
}

struct ClassesArguments {
  std::string project, set, out;
};

Status classes(const ClassesArguments& arguments, const Context& context) {
  if (!arguments.set.empty()) {
    TAGSCAPE_ASSIGN(const ClassSet set, readClassSet(arguments.set));
    TAGSCAPE_ASSIGN(Project project, openForWriting(arguments.project));
    TAGSCAPE_TRY(project.setClasses(set));
  }
  TAGSCAPE_ASSIGN(const Project project, Project::openReadOnly(arguments.project));
  if (!arguments.out.empty()) return writeClassSet(arguments.out, project.classes());
  if (!context.json) {
    fmt::print("{}", classSetAsToml(project.classes()));
    return {};
  }
  json list = json::array();
  for (const LabelClass& label_class : project.classes().classes) {
    list.push_back(
        {{"name", label_class.name}, {"color", label_class.rgb}, {"key", label_class.key}, {"ids", label_class.ids}});
  }
  printJson({{"name", project.classes().name}, {"classes", list}});
  return {};
}

Status repair(const std::string& path, const std::string& out, const Context& context) {
  TAGSCAPE_ASSIGN(const auto lost, repairProject(path, out));
  if (context.json) {
    printJson({{"project", out}, {"lost", lost}});
    return {};
  }
  fmt::print("{}\n", out);
  for (const std::string& what : lost) fmt::print("  lost: {}\n", what);
  if (lost.empty()) fmt::print("  nothing was lost\n");
  return {};
}

constexpr const char* kProject = "The project file (.tagscape)";

}  // namespace

Action addProjectNew(CLI::App& options) {
  auto arguments = std::make_shared<ScenesArguments>();
  options.add_option("project", arguments->project, kProject)->required();
  options.add_option("scans", arguments->paths, "Scans to label");
  options
      .add_option(
          "--classes",
          arguments->classes,
          "Class set: scannet20, nyu40, scannet200, s3dis13, matterport21, or a file (.toml; .json of labelCloud, "
          "CVAT or Supervisely; .txt with a name a line)")
      ->capture_default_str();
  arguments->fuse.addTo(options);
  return [=](const Context& context) { return begin(*arguments, context); };
}

Action addProjectAdd(CLI::App& options) {
  auto arguments = std::make_shared<ScenesArguments>();
  options.add_option("project", arguments->project, kProject)->required();
  options.add_option("scans", arguments->paths, "Scans to add")->required();
  arguments->fuse.addTo(options);
  return [=](const Context& context) { return add(*arguments, context); };
}

Action addProjectInfo(CLI::App& options) {
  auto path = std::make_shared<std::string>();
  options.add_option("project", *path, kProject)->required();
  return [=](const Context& context) { return info(*path, context); };
}

Action addProjectClasses(CLI::App& options) {
  auto arguments = std::make_shared<ClassesArguments>();
  options.add_option("project", arguments->project, kProject)->required();
  options.add_option("--set", arguments->set, "Replace it: names and colours may change, and classes be added");
  options.add_option("--out", arguments->out, "Write it to this TOML file instead of printing it");
  return [=](const Context& context) { return classes(*arguments, context); };
}

Action addProjectRepair(CLI::App& options) {
  auto path = std::make_shared<std::string>(), out = std::make_shared<std::string>();
  options.add_option("project", *path, kProject)->required();
  options.add_option("--out", *out, "The copy to write")->required();
  return [=](const Context& context) { return repair(*path, *out, context); };
}

}  // namespace tagscape::cli
