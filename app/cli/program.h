#pragma once

#include "app/cli/command.h"

#include <span>

namespace tagscape::cli {

struct CommandRow {
  const char* name;
  const char* summary;
  bool prints_figures;              ///< Whether it has --json.
  Action (*addOptions)(CLI::App&);  ///< Null: run by another program, see learning_program.h.
};

/// Parses the command line, runs the command that it names and returns the exit code: 0 done, 1 failed or stopped,
/// 2 bad input or usage. Never throws.
[[nodiscard]] int runProgram(int argc, char** argv, std::span<const CommandRow> commands);

}  // namespace tagscape::cli
