#pragma once

#include "tests/support/eventually.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tagscape::testing {

/// A program that runs beside the test, with what it prints kept in files. Ended by force with its owner.
class RunningProgram {
 public:
  RunningProgram(const std::string& program, const std::vector<std::string>& arguments);
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  [[nodiscard]] pid_t process() const { return process_; }
  /// The processes that it started and that still run.
  [[nodiscard]] std::vector<pid_t> children() const;

  /// Waits for its end; ended by force after `limit`, exit code -1.
  [[nodiscard]] Outcome wait(std::chrono::seconds limit);

 private:
  TemporaryFolder folder_;
  pid_t process_ = 0;
  bool ended_ = false;
};

/// The value of a variable in another process's environment; empty if it has none or is gone.
[[nodiscard]] std::string environmentOf(pid_t process, const std::string& name);

/// Whether the process runs the program of that file name by now and has a handler for the signal.
[[nodiscard]] bool handles(pid_t process, int signal, const std::string& program);

}  // namespace tagscape::testing
