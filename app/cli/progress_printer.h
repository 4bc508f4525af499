#pragma once

#include "core/base/job.h"

#include <chrono>
#include <string>

namespace tagscape::cli {

/// Shows progress on stderr: one bar that redraws itself on a terminal; elsewhere a plain line whenever the stage
/// changes and about every ten seconds, so that logs stay short.
class ProgressPrinter {
 public:
  ProgressPrinter();
  ~ProgressPrinter();
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  void show(const Progress& progress);

  /// Leaves the bar, so that a message begins on its own line. Safe to call more than once.
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
