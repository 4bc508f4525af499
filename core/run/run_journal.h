#pragma once

#include "core/run/event_file.h"
#include "core/run/run_directory.h"

#include <chrono>
#include <deque>
#include <optional>

namespace tagscape {

/// What a training writes into its run directory for observers, step by step: its state with a heartbeat, and its
/// metrics, for TensorBoard too. A disk that is full for a while, or a network folder that is gone, does not end a
/// training of days: what could not be written is kept and written once the disk accepts it again. The log reports each
/// change once.
class RunJournal {
 public:
  /// Takes the newest `max_kept` rows of metrics into memory while the place refuses them; older ones are dropped,
  /// and counted in the log.
  explicit RunJournal(RunDirectory run, std::size_t max_kept = 1 << 16) : run_(std::move(run)), max_kept_(max_kept) {}

  /// Starts the journal. A place that refuses now is an error: better at once than after hours.
  /// Errors: NotWritable.
  [[nodiscard]] Status begin(const RunStatus& status);

  /// Writes the state. Each one replaces the last, so that one the place refuses is not written later.
  void writeStatus(const RunStatus& status);
  /// As writeStatus, but not more often than once a second.
  void heartbeat(const RunStatus& status);
  /// Adds a row, after those that were kept back.
  void recordStep(MetricsRow row);
  /// Something else of the run that could not be written, and which there will be a next one of: noted, not an error.
  void reportWrite(const Status& written);

  /// The state at the end, and what was kept back. Errors: NotWritable if the place still refuses either.
  [[nodiscard]] Status end(const RunStatus& status);

 private:
  using Clock = std::chrono::steady_clock;
  Status appendKept();

  RunDirectory run_;
  std::size_t max_kept_;
  std::optional<EventFile> events_;
  std::deque<MetricsRow> kept_;
  std::size_t num_dropped_ = 0;
  bool is_in_metrics_ = false;  ///< The first kept row has its line, and only TensorBoard's record is missing.
  bool is_refused_ = false;
  Clock::time_point last_status_;
};

}  // namespace tagscape
