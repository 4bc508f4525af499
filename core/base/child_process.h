#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace tagscape {

struct ChildCommand {
  std::filesystem::path program;
  std::vector<std::string> arguments;                            ///< Without the program's name.
  std::vector<std::pair<std::string, std::string>> environment;  ///< Replaces or adds to this process's variables.
  std::filesystem::path out;                                     ///< Takes its stdout; replaced.
  std::filesystem::path log;                                     ///< Takes its stderr; added to.
};

struct ChildEnd {
  int exit_code = 0;       ///< 128 + the signal's number if a signal ended it, as in a shell.
  double cpu_seconds = 0;  ///< Of all its threads.
  [[nodiscard]] bool succeeded() const { return exit_code == 0; }
};

/// A child process with its own process group, so that Ctrl-C in the terminal reaches this
/// program alone, which then stops its children in order; and it gets a SIGTERM when the thread that started it ends,
/// whatever ended it. Owned by one thread.
class ChildProcess {
 public:
  /// stdin is empty. Missing folders of `out` and `log` are made.
  /// Errors: NotWritable for `out` or `log`; NotFound if there is no such program; Io if it cannot be started.
  [[nodiscard]] static Result<ChildProcess> start(const ChildCommand& command);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  /// Kills what still runs and waits for its end.
  ~ChildProcess();

  [[nodiscard]] pid_t id() const { return pid_; }
  /// How it ended, once it has; does not wait. After the end it gives the same answer again.
  [[nodiscard]] std::optional<ChildEnd> poll();
  /// SIGTERM, upon which our programs save and end. Nothing if it has ended.
  void askToStop();
  /// SIGKILL to it and what it has started. Nothing if it has ended.
  void kill();

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  void endNow();

  pid_t pid_ = -1;  ///< -1: moved from.
  std::optional<ChildEnd> end_;
};

}  // namespace tagscape
