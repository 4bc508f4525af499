#include "app/cli/project/project_access.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <system_error>
#include <vector>

namespace tagscape::cli {

Result<Project> openForWriting(const std::string& path) {
  TAGSCAPE_ASSIGN(Project project, Project::open(path));
  if (project.isReadOnly()) return fail(ErrorCode::NotWritable, project.problem());
  return project;
}

Result<ProjectScene> sceneNamed(const Project& project, const std::string& name) {
  const auto scenes = project.scenes();
  if (name.empty() && scenes.size() == 1) return scenes.front();
  std::vector<std::string> names;
  for (const ProjectScene& scene : scenes) {
    std::error_code code;
    if (!name.empty() && (scene.name == name || std::filesystem::equivalent(scene.path, name, code))) return scene;
    names.push_back(scene.name);
  }
  return failFile(ErrorCode::InvalidInput,
                  project.path(),
                  name.empty() ? std::string("it has several scenes, and none was named")
                               : fmt::format("it has no scene '{}'", name),
                  names.empty() ? std::string("Add scans with `tagscape project add`")
                                : fmt::format("Name one of: {}", fmt::join(names, ", ")));
}

Result<SharedScene> openProjectScene(const ProjectScene& scene, const OpenOptions& options, const Job& job) {
  TAGSCAPE_ASSIGN(const SharedScene opened, openScene(scene.path, options, job));
  if (pointsHash(*opened) == scene.points_hash) return opened;
  return failFile(ErrorCode::InvalidInput,
                  scene.path,
                  fmt::format("its cloud has changed since it was labelled ({} points then, {} now)",
                              scene.num_points,
                              opened->points().size()),
                  "Open the project in the studio, which brings the labels to the changed cloud");
}

Result<bool> addScan(Project& project, const std::string& path, const OpenOptions& options, const Job& job) {
  TAGSCAPE_ASSIGN(const SharedScene scene, openScene(path, options, job));
  const std::string hash = pointsHash(*scene);
  if (project.findScene(scene->path, hash)) return false;
  TAGSCAPE_TRY(project.addScene(*scene, hash));
  return true;
}

}  // namespace tagscape::cli
