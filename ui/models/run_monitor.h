#pragma once

#include "core/run/run_directory.h"

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <optional>
#include <vector>

namespace tagscape {

/// Watches one run directory with a timer and tells what is new in it. It never writes there but for requests, so it
/// may watch a run that somebody else started. Owned by the GUI thread; one poll reads small files only.
class RunMonitor : public QObject {
  Q_OBJECT

 public:
  explicit RunMonitor(QObject* parent = nullptr);

  /// Watches another run from its beginning; the folder may appear later (a process that is still starting).
  /// @param scene_name  whose CAM files are waited for.
  void watch(const std::filesystem::path& run, const std::string& scene_name);
  void stopWatching();
  [[nodiscard]] const std::optional<std::filesystem::path>& run() const { return run_; }
  [[nodiscard]] const std::optional<RunStatus>& status() const { return status_; }
  /// Whether the run says that it is at work though nothing of it lives any more.
  [[nodiscard]] bool isLost() const { return is_lost_; }
  /// Why the state of the run cannot be read; empty if it can, or is not there yet.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Lines of the metrics that could not be understood.
  [[nodiscard]] std::int64_t numRowsSkipped() const { return metrics_ ? metrics_->numSkipped() : 0; }
  /// Whether the run has had CAMs of the scene since it is watched.
  [[nodiscard]] bool hasCams() const { return cam_time_.has_value(); }

  /// Asks the run to pause, go on or stop. Errors: NotFound without a run; those of RunDirectory::request.
  [[nodiscard]] Status request(RunRequest request);

  /// Looks once, now. The timer calls it twice a second.
  void poll();

 Q_SIGNALS:
  void runChanged();     ///< Another run is watched, or none; forget the curves.
  void statusChanged();  ///< Its problem and the number of skipped rows too.
  void metricsAdded(const std::vector<tagscape::MetricsRow>& rows);
  void logChanged(const QString& tail);                    ///< The last lines of log.txt.
  void camFileChanged(const std::filesystem::path& file);  ///< A newer CAM file is there.

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
