#pragma once

#include "app/cli/command.h"

namespace tagscape::cli {

// The subcommands of `tagscape project`.
Action addProjectAdd(CLI::App& options);
Action addProjectClasses(CLI::App& options);
Action addProjectExport(CLI::App& options);
Action addProjectInfo(CLI::App& options);
Action addProjectMerge(CLI::App& options);
Action addProjectNew(CLI::App& options);
Action addProjectPrelabel(CLI::App& options);
Action addProjectRepair(CLI::App& options);
Action addProjectTags(CLI::App& options);

}  // namespace tagscape::cli
