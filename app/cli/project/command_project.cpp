#include "app/cli/command.h"
#include "app/cli/project/project_commands.h"

#include <utility>
#include <vector>

namespace tagscape::cli {

Action addProject(CLI::App& options) {
  struct Row {
    const char* name;
    const char* summary;
    Action (*add)(CLI::App&);
  };
  static constexpr Row kRows[] = {
      {"new", "Begin a project of labels with some scans", &addProjectNew},
      {"add", "Add scans to a project", &addProjectAdd},
      {"info", "List scenes, classes, progress and effort", &addProjectInfo},
      {"prelabel", "Take a run's prediction, or labels from a file, as labels to start from", &addProjectPrelabel},
      {"tags", "Show and change the class tags of a scene and its frames", &addProjectTags},
      {"classes", "Show, write or replace the class set", &addProjectClasses},
      {"export", "Write the labels for other programs", &addProjectExport},
      {"merge", "Bring another annotator's labels and tags in, with a report of conflicts", &addProjectMerge},
      {"repair", "Write a copy with all that can be read of a damaged project", &addProjectRepair},
  };
  options.require_subcommand(1);
  std::vector<std::pair<CLI::App*, Action>> actions;
  for (const Row& row : kRows) {
    CLI::App* command = options.add_subcommand(row.name, row.summary)->fallthrough();
    actions.emplace_back(command, row.add(*command));
  }
  return [=](const Context& context) -> Status {
    for (const auto& [command, action] : actions) {
      if (command->parsed()) return action(context);
    }
    return fail(ErrorCode::InvalidInput, "No subcommand was given. See `tagscape project --help`");
  };
}

}  // namespace tagscape::cli
