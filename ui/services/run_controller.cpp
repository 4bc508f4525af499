#include "ui/services/run_controller.h"

#include "core/base/files.h"
#include "core/io/cam_file.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include <signal.h>
#include <utility>

namespace tagscape {
namespace {

QString toQString(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

}  // namespace

std::filesystem::path runsFolder() { return userDataFolder() / "runs"; }

QString findProgram(const QString& name) {
  const QString beside = QStandardPaths::findExecutable(name, {QCoreApplication::applicationDirPath()});
  return beside.isEmpty() ? QStandardPaths::findExecutable(name) : beside;
}

RunController::RunController(Document& document, QObject* parent) : QObject(parent), document_(document) {
  starting_timer_.setInterval(300);
  connect(&starting_timer_, &QTimer::timeout, this, &RunController::checkStarting);
  connect(&monitor_, &RunMonitor::camFileChanged, this, &RunController::load);
}

void RunController::watchFor(const std::optional<std::filesystem::path>& run) {
  loader_.drop();
  refusal_.clear();
  monitor_.stopWatching();
  if (!document_.scene()) return;
  if (run) {
    if (const auto opened = RunDirectory::open(*run); !opened) {
      Q_EMIT failed(tr("The training run cannot be opened"), QString::fromStdString(opened.error().message));
      return;
    }
  }
  const auto found = run ? run : newestRunFor(runsFolder(), document_.scene()->path);
  if (found) monitor_.watch(*found, document_.scene()->name);
}

bool RunController::isActive() const {
  if (starting_timer_.isActive()) return true;
  const auto& status = monitor_.status();
  if (!status || monitor_.isLost()) return false;
  return status->state != RunState::Finished && status->state != RunState::Failed && status->state != RunState::Stopped;
}

void RunController::toggle() {
  if (!isActive()) return start();
  const auto& status = monitor_.status();
  if (!status) return;
  const bool is_paused = status->state == RunState::Paused || status->state == RunState::Pausing;
  submit(is_paused ? RunRequest::Resume : RunRequest::Pause);
}

void RunController::stop() { submit(RunRequest::Stop); }

void RunController::submit(RunRequest request) {
  if (const Status asked = monitor_.request(request); !asked) {
    Q_EMIT failed(tr("The training cannot be reached"), QString::fromStdString(asked.error().message));
  }
}

void RunController::start() {
  if (!document_.scene() || isActive()) return;
  const QString title = tr("Training could not start");
  const QString program = findProgram("tagscape");
  if (program.isEmpty()) {
    Q_EMIT failed(title,
                  tr("The program tagscape is neither beside the studio nor in PATH. Install it, or build it with "
                     "TAGSCAPE_WITH_LEARNING=ON."));
    return;
  }
  if (const Status writable = ensureWritableFolder(runsFolder()); !writable) {
    Q_EMIT failed(title, QString::fromStdString(writable.error().message));
    return;
  }
  const Scene& scene = *document_.scene();
  const std::string stamp = QDateTime::currentDateTime().toString("yyyyMMdd-HHmmss").toStdString();
  const std::filesystem::path run = runsFolder() / (scene.name + "-" + stamp);
  starting_log_ = toQString(run) + ".output.txt";
  QProcess process;
  process.setProgram(program);
  QStringList arguments{"train", toQString(scene.path), "--out", toQString(run)};
  if (!project_.isEmpty()) arguments << "--project" << project_;
  process.setArguments(arguments);
  process.setStandardInputFile(QProcess::nullDevice());
  process.setStandardOutputFile(QProcess::nullDevice());
  process.setStandardErrorFile(starting_log_);
  if (!process.startDetached(&starting_pid_)) {
    Q_EMIT failed(title, tr("%1: the program does not start: %2").arg(program, process.errorString()));
    return;
  }
  monitor_.watch(run, scene.name);
  starting_timer_.start();
  Q_EMIT monitor_.statusChanged();
}

void RunController::checkStarting() {
  if (monitor_.status()) {
    starting_timer_.stop();
    Q_EMIT monitor_.statusChanged();
    return;
  }
  if (::kill(static_cast<pid_t>(starting_pid_), 0) == 0) return;
  starting_timer_.stop();
  QFile log(starting_log_);
  const QString said = log.open(QIODevice::ReadOnly) ? QString::fromUtf8(log.readAll()).trimmed() : QString();
  Q_EMIT monitor_.statusChanged();
  Q_EMIT failed(
      tr("Training ended before it began"),
      said.isEmpty()
          ? tr("It printed nothing. Try it in a terminal: tagscape train %1").arg(toQString(document_.scene()->path))
          : said.right(4000));
}

void RunController::load(const std::filesystem::path& file) {
  using SharedCams = std::shared_ptr<const SceneCams>;
  loader_.start<SharedCams>(
      [file](const Job&) -> Result<SharedCams> {
        TAGSCAPE_ASSIGN(SceneCams cams, readCams(file));
        return std::make_shared<const SceneCams>(std::move(cams));
      },
      [this](Result<SharedCams> cams) {
        const Status shown = cams ? document_.setCams(std::move(*cams)) : Status(fail(cams.error()));
        if (shown) {
          refusal_.clear();
          Q_EMIT camsLoaded();
        } else if (std::exchange(refusal_, shown.error().message) != shown.error().message) {
          // A running training writes CAMs repeatedly; a mismatch is reported once.
          Q_EMIT failed(tr("The CAMs of the run cannot be shown"), QString::fromStdString(shown.error().message));
        }
      });
}

}  // namespace tagscape
