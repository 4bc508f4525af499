#include "ui/models/run_monitor.h"

#include <QFile>

#include <utility>

namespace tagscape {
namespace {

constexpr int kPollInterval_ms = 500;
constexpr qint64 kLogTail_bytes = 8192;

bool isAtWork(RunState state) {
  return state != RunState::Stopped && state != RunState::Finished && state != RunState::Failed;
}

QString readTail(const std::filesystem::path& path) {
  QFile file(QString::fromStdString(path.string()));
  if (!file.open(QIODevice::ReadOnly)) return {};
  const bool is_cut = file.size() > kLogTail_bytes;
  if (is_cut) file.seek(file.size() - kLogTail_bytes);
  QString tail = QString::fromUtf8(file.read(kLogTail_bytes));
  if (is_cut) tail.remove(0, tail.indexOf('\n') + 1);
  return tail.trimmed();
}

}  // namespace

RunMonitor::RunMonitor(QObject* parent) : QObject(parent) {
  timer_.setInterval(kPollInterval_ms);
  connect(&timer_, &QTimer::timeout, this, &RunMonitor::poll);
}

void RunMonitor::watch(const std::filesystem::path& run, const std::string& scene_name) {
  stopWatching();
  run_ = run;
  scene_name_ = scene_name;
  Q_EMIT runChanged();
  poll();
  timer_.start();
}

void RunMonitor::stopWatching() {
  timer_.stop();
  if (!run_) return;
  run_.reset();
  directory_.reset();
  metrics_.reset();
  status_.reset();
  is_lost_ = false;
  problem_.clear();
  log_size_ = 0;
  cam_time_.reset();
  Q_EMIT runChanged();
}

Status RunMonitor::request(RunRequest request) {
  if (!directory_) return fail(ErrorCode::NotFound, "There is no run to control. Start a training, or open a run.");
  return directory_->request(request);
}

void RunMonitor::poll() {
  if (!run_) return;
  if (!directory_) {
    auto opened = RunDirectory::open(*run_);
    if (!opened) return;  // Does not exist yet.
    directory_ = std::move(*opened);
    metrics_.emplace(*directory_);
  }
  pollCamFile();
  pollStatus();
  const std::int64_t num_skipped = metrics_->numSkipped();
  if (const auto rows = metrics_->poll(); !rows.empty()) Q_EMIT metricsAdded(rows);
  if (metrics_->numSkipped() != num_skipped) Q_EMIT statusChanged();
  pollLog();
}

void RunMonitor::pollStatus() {
  auto status = directory_->readStatus();
  const std::string problem = status ? std::string() : status.error().message;
  if (std::exchange(problem_, problem) != problem) Q_EMIT statusChanged();
  if (!status) return;  // The previous state is kept.
  const bool is_lost = isAtWork(status->state) && !looksAlive(*status);
  const bool is_new = !status_ || status_->heartbeat_unix_s != status->heartbeat_unix_s || is_lost != is_lost_ ||
                      status_->state != status->state;
  status_ = std::move(*status);
  is_lost_ = is_lost;
  if (is_new) Q_EMIT statusChanged();
}

void RunMonitor::pollLog() {
  std::error_code failed;
  const auto size = std::filesystem::file_size(directory_->logFile(), failed);
  if (failed || size == log_size_) return;
  log_size_ = size;
  Q_EMIT logChanged(readTail(directory_->logFile()));
}

void RunMonitor::pollCamFile() {
  std::optional<std::filesystem::path> newest;
  std::optional<std::filesystem::file_time_type> newest_time;
  for (const auto& file : {directory_->predictionFile(scene_name_), directory_->liveFile(scene_name_)}) {
    std::error_code failed;
    const auto time = std::filesystem::last_write_time(file, failed);
    if (failed || (newest_time && time <= *newest_time)) continue;
    newest = file;
    newest_time = time;
  }
  if (!newest || newest_time == cam_time_) return;
  cam_time_ = newest_time;
  Q_EMIT camFileChanged(*newest);
}

}  // namespace tagscape
