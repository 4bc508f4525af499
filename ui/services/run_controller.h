#pragma once

#include "core/scene/cams.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"
#include "ui/models/run_monitor.h"

#include <QObject>

#include <filesystem>
#include <optional>
#include <string>

namespace tagscape {

/// The program of this name beside the running one, otherwise in PATH; empty if there is none.
[[nodiscard]] QString findProgram(const QString& name);

/// Where trainings that are started from the window keep their runs.
[[nodiscard]] std::filesystem::path runsFolder();

/// Starts trainings, watches the run of the open scene, and puts its CAMs into the document.
///
/// A training is a separate process that outlives the studio; they communicate through the run directory alone.
class RunController : public QObject {
  Q_OBJECT

 public:
  explicit RunController(Document& document, QObject* parent = nullptr);

  [[nodiscard]] RunMonitor& monitor() { return monitor_; }
  /// Watches this run; if empty, the newest run of the open scene, if any.
  void watchFor(const std::optional<std::filesystem::path>& run);
  /// Trainings that are started take tags from this project; empty: from the scan itself.
  void setProject(const QString& project) { project_ = project; }
  /// Starts, pauses or resumes, depending on the state.
  void toggle();
  void start();
  void stop();
  /// Whether a training that may still be running is watched.
  [[nodiscard]] bool isActive() const;
  /// Whether CAMs are being loaded.
  [[nodiscard]] bool isLoading() const { return loader_.isBusy(); }

 Q_SIGNALS:
  void failed(const QString& title, const QString& message);
  void camsLoaded();

 private:
  void load(const std::filesystem::path& file);
  void submit(RunRequest request);
  void checkStarting();

  Document& document_;
  RunMonitor monitor_;
  JobRunner loader_;
  QTimer starting_timer_;  // While a started process has not written its state yet.
  qint64 starting_pid_ = 0;
  QString starting_log_;
  QString project_;
  std::string refusal_;  // Why the last CAMs were not shown.
};

}  // namespace tagscape
