#pragma once

#include "core/base/job.h"

#include <chrono>
#include <string>

namespace tagscape::cli {

/// Prints progress to stderr: a progress bar on a terminal, otherwise a line for each new stage and about every ten
/// seconds, so that logs stay short.
class ProgressPrinter {
 public:
  ProgressPrinter();
  ~ProgressPrinter();
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  void show(const Progress& progress);

  /// Ends the progress bar, so that a message starts on its own line. May be called repeatedly.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  void drawBar(const Progress& progress);
  void printLine(const Progress& progress);

  bool is_terminal_;
  bool bar_open_ = false;
  std::string stage_;
  Clock::time_point stage_began_;
  Clock::time_point last_shown_;
};

}  // namespace tagscape::cli
