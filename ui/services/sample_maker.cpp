#include "ui/services/sample_maker.h"

#include "ui/services/run_controller.h"

#include <QProcess>

namespace tagscape {
namespace {

constexpr int kNumScenes = 3;  // of the preset "sample"

int countScenes(const std::filesystem::path& folder) {
  std::error_code code;
  int count = 0;
  for (std::filesystem::directory_iterator it(folder / "scans", code), end; !code && it != end; it.increment(code))
    ++count;
  return count;
}

}  // namespace

SampleMaker::SampleMaker(QObject* parent) : QObject(parent) {
  timer_.setInterval(200);
  connect(&timer_, &QTimer::timeout, this, &SampleMaker::tellProgress);
}

SampleMaker::~SampleMaker() {
  if (!process_) return;
  process_->disconnect(this);
  process_->terminate();
  process_->waitForFinished(3000);
}

void SampleMaker::make(const std::filesystem::path& folder) {
  if (process_) return;
  folder_ = folder;
  std::error_code ignored;
  // The split lists are written last, so all scenes exist.
  if (std::filesystem::exists(folder / "scannetv2_val.txt", ignored)) {
    Q_EMIT made(folder);
    return;
  }
  const QString program = findProgram("tagscape");
  if (program.isEmpty()) {
    Q_EMIT failed(tr("The program tagscape is neither beside the studio nor in PATH. Install it, or build it."));
    return;
  }
  is_stopping_ = false;
  process_ = new QProcess(this);
  connect(process_, &QProcess::finished, this, &SampleMaker::ended);
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) ended(-1);  // finished() is not emitted in this case.
  });
  process_->start(program, {"synth", QString::fromStdString(folder.string()), "--preset", "sample", "--quiet"});
  timer_.start();
  tellProgress();
}

void SampleMaker::stop() {
  if (!process_) return;
  is_stopping_ = true;
  process_->terminate();
}

void SampleMaker::tellProgress() { Q_EMIT progressed(countScenes(folder_), kNumScenes); }

void SampleMaker::ended(int exit_code) {
  timer_.stop();
  QString said = QString::fromUtf8(process_->readAllStandardError()).trimmed();
  if (said.isEmpty()) said = tr("tagscape ended unexpectedly (%1).").arg(process_->errorString());
  process_->deleteLater();
  process_ = nullptr;
  if (exit_code == 0) {
    Q_EMIT made(folder_);
  } else if (is_stopping_) {
    Q_EMIT stopped();
  } else {
    Q_EMIT failed(said.right(4000));
  }
}

}  // namespace tagscape
