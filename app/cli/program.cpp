#include "app/cli/program.h"

#include "app/cli/progress_printer.h"
#include "app/cli/stop_on_signal.h"
#include "core/base/log.h"
#include "core/base/open_files.h"

#include <cstdio>
#include <exception>

namespace tagscape::cli {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 success, 1 failed or stopped, 2 bad input or usage.\n"
    "Results go to stdout, progress and messages to stderr. See `tagscape COMMAND --help` for each command.";

int runAction(const Action& action, bool json, bool shows_progress) {
  StopOnSignal signals;
  ProgressPrinter printer;
  const auto show = [&](const Progress& progress) {
    if (shows_progress) printer.show(progress);
  };
  const Context context{{show, signals.token()}, json};
  const Status status = action(context);
  if (status) return 0;
  printer.finish();
  log::error(status.error().message);
  return exitCodeFor(status.error().code);
}

int parseAndRun(int argc, char** argv, std::span<const CommandRow> commands) {
  CLI::App app{"Tagscape turns class tags of indoor RGB-D scans into dense 2D and 3D labels.", "tagscape"};
  app.set_version_flag("--version", std::string("tagscape ") + TAGSCAPE_VERSION);
  app.footer(kFooter);
  app.require_subcommand(1);
  bool json = false;
  int verbosity = 1;
  std::vector<std::pair<CLI::App*, Action>> actions;
  for (const auto& row : commands) {
    CLI::App* command = app.add_subcommand(row.name, row.summary);
    if (row.addOptions == nullptr) continue;
    if (row.prints_figures) command->add_flag("--json", json, "Print the result as JSON");
    command->add_flag_callback(
        "-q,--quiet", [&] { verbosity = 0; }, "Only warnings and errors, no progress");
    command->add_flag_callback(
        "-v,--verbose", [&] { verbosity = 2; }, "More messages");
    actions.emplace_back(command, row.addOptions(*command));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& refusal) {
    const bool asked_for_help = refusal.get_exit_code() == 0;
    const int shown = app.exit(refusal);
    return asked_for_help ? shown : 2;
  }
  log::setVerbosity(verbosity);
  for (const auto& [command, action] : actions) {
    if (command->parsed()) return runAction(action, json, verbosity > 0);
  }
  return 2;
}

}  // namespace

int runProgram(int argc, char** argv, std::span<const CommandRow> commands) {
  raiseOpenFileLimit();  // A data set has thousands of files.
  try {
    return parseAndRun(argc, argv, commands);
  } catch (const std::exception& failure) {
    std::fprintf(
        stderr, "error: an unexpected failure: %s. Please report it with the command that you ran\n", failure.what());
    return 1;
  }
}

}  // namespace tagscape::cli
