#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace tagscape {

/// How far a job is. `total` 0 means that the end is not known.
struct Progress {
  std::string stage;  ///< What is being done, for display: "fusing depth maps".
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string detail;  ///< Optional: a file name, the current loss.
};

using ProgressSink = std::function<void(const Progress&)>;

/// Passed to a long job: a sink for its progress and a token that asks it to stop. A default Job reports nowhere and
/// never stops. The sink is called on the thread that runs the job.
struct Job {
  ProgressSink on_progress;
  std::stop_token stop;

  void report(std::string_view stage, std::int64_t done, std::int64_t total, std::string detail = {}) const {
    if (on_progress) on_progress({std::string(stage), done, total, std::move(detail)});
  }
  [[nodiscard]] bool stopRequested() const { return stop.stop_requested(); }

  /// Errors: Cancelled, naming `what`, once a stop is requested.
  [[nodiscard]] Status checkStop(std::string_view what) const {
    if (stopRequested()) return fail(ErrorCode::Cancelled, std::string(what) + " was stopped before it was done");
    return {};
  }
};

}  // namespace tagscape
