#pragma once

#include "core/run/run_directory.h"

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <optional>
#include <vector>

namespace tagscape {

/// Polls a run directory with a timer and emits signals for changes. Writes nothing there except requests, so that it
/// can also watch a run started by another program. GUI thread; a poll reads only small files.
class RunMonitor : public QObject {
  Q_OBJECT

 public:
  explicit RunMonitor(QObject* parent = nullptr);

  /// Watches another run from its start; the folder may not exist yet while the process is starting.
  /// @param scene_name  of the CAM files to look for.
  void watch(const std::filesystem::path& run, const std::string& scene_name);
  void stopWatching();
  [[nodiscard]] const std::optional<std::filesystem::path>& run() const { return run_; }
  [[nodiscard]] const std::optional<RunStatus>& status() const { return status_; }
  /// Whether the run's status says running although its process has ended.
  [[nodiscard]] bool isLost() const { return is_lost_; }
  /// Why the state of the run cannot be read; empty if it can, or does not exist yet.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Number of malformed lines of the metrics.
  [[nodiscard]] std::int64_t numRowsSkipped() const { return metrics_ ? metrics_->numSkipped() : 0; }
  /// Whether CAMs of the scene have appeared since watch().
  [[nodiscard]] bool hasCams() const { return cam_time_.has_value(); }

  /// Requests the run to pause, continue or stop. Errors: NotFound without a run; those of RunDirectory::request.
  [[nodiscard]] Status request(RunRequest request);

  /// Polls once. The timer calls it twice a second.
  void poll();

 Q_SIGNALS:
  void runChanged();     ///< Another run, or none, is watched; clear the curves.
  void statusChanged();  ///< Also for the problem and the number of skipped rows.
  void metricsAdded(const std::vector<tagscape::MetricsRow>& rows);
  void logChanged(const QString& tail);                    ///< The last lines of log.txt.
  void camFileChanged(const std::filesystem::path& file);  ///< A newer CAM file exists.

 private:
  void pollStatus();
  void pollLog();
  void pollCamFile();

  QTimer timer_;
  std::optional<std::filesystem::path> run_;
  std::string scene_name_;
  std::optional<RunDirectory> directory_;
  std::optional<MetricsTail> metrics_;
  std::optional<RunStatus> status_;
  bool is_lost_ = false;
  std::string problem_;
  std::uintmax_t log_size_ = 0;
  std::optional<std::filesystem::file_time_type> cam_time_;
};

}  // namespace tagscape
