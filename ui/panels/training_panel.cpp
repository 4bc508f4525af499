#include "ui/panels/training_panel.h"

#include "ui/panels/loss_plot.h"
#include "ui/services/icons.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

namespace tagscape {
namespace {

QString durationText(double seconds) {
  const auto whole = static_cast<qint64>(seconds + .5);
  if (whole < 60) return TrainingPanel::tr("%1 s").arg(whole);
  if (whole < 3600) return TrainingPanel::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
  return TrainingPanel::tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
}

}  // namespace

TrainingPanel::TrainingPanel(Document& document, RunController& runs, QWidget* parent)
    : QWidget(parent),
      document_(document),
      runs_(runs),
      state_(new QLabel(this)),
      rate_(new QLabel(this)),
      run_(new QLabel(this)),
      reason_(new QLabel(this)),
      progress_(new QProgressBar(this)),
      toggle_(new QPushButton(this)),
      stop_(new QPushButton(lineIcon(IconShape::Stop), tr("Stop"), this)),
      weights_(new QPushButton(tr("Weights…"), this)),
      plot_(new LossPlot(this)),
      log_(new QPlainTextEdit(this)) {
  setObjectName("trainingPanel");
  state_->setObjectName("trainingState");
  state_->setAccessibleName(tr("State of the training"));
  rate_->setObjectName("trainingRate");
  run_->setObjectName("trainingRun");
  run_->setAccessibleName(tr("Watched run"));
  // The panel may be narrower than its texts.
  for (QLabel* label : {rate_, run_}) label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  reason_->setObjectName("trainingReason");
  reason_->setAccessibleName(tr("Why the training ended"));
  reason_->setWordWrap(true);
  reason_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  progress_->setObjectName("trainingProgress");
  progress_->setAccessibleName(tr("Progress of the training"));
  progress_->setMaximumHeight(8);
  progress_->setTextVisible(false);
  toggle_->setObjectName("toggleTraining");
  stop_->setObjectName("stopTraining");
  stop_->setAccessibleName(tr("Stop the training"));
  weights_->setObjectName("pretrainedWeights");
  weights_->setAccessibleName(tr("Pretrained weights"));
  weights_->setToolTip(tr("Download image networks pretrained on ImageNet"));
  log_->setObjectName("trainingLog");
  log_->setAccessibleName(tr("Log of the training"));
  log_->setReadOnly(true);
  log_->setFrameShape(QFrame::NoFrame);
  log_->setLineWrapMode(QPlainTextEdit::NoWrap);
  log_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  log_->setPlaceholderText(tr("The log of the training appears here."));
  arrange();
  connectRun();
  showStatus();
}

void TrainingPanel::arrange() {
  QFont bold = state_->font();
  bold.setBold(true);
  state_->setFont(bold);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(state_, 1);
  buttons->addWidget(toggle_);
  buttons->addWidget(stop_);
  buttons->addWidget(weights_);
  auto* splitter = new QSplitter(Qt::Vertical, this);
  splitter->setObjectName("trainingSplitter");
  splitter->addWidget(plot_);
  splitter->addWidget(log_);
  splitter->setStretchFactor(0, 3);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({210, 60});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 6, 8, 6);
  layout->setSpacing(5);
  layout->addLayout(buttons);
  layout->addWidget(run_);
  layout->addWidget(rate_);
  layout->addWidget(progress_);
  layout->addWidget(reason_);
  layout->addWidget(splitter, 1);
}

void TrainingPanel::connectRun() {
  RunMonitor& monitor = runs_.monitor();
  connect(toggle_, &QPushButton::clicked, &runs_, &RunController::toggle);
  connect(stop_, &QPushButton::clicked, &runs_, &RunController::stop);
  connect(weights_, &QPushButton::clicked, this, &TrainingPanel::weightsAsked);
  connect(&monitor, &RunMonitor::runChanged, this, [this] {
    plot_->clear();
    log_->clear();
    showStatus();
  });
  connect(&monitor, &RunMonitor::statusChanged, this, &TrainingPanel::showStatus);
  connect(
      &monitor, &RunMonitor::metricsAdded, this, [this](const std::vector<MetricsRow>& rows) { plot_->append(rows); });
  connect(&monitor, &RunMonitor::logChanged, this, [this](const QString& tail) {
    log_->setPlainText(tail);
    log_->verticalScrollBar()->setValue(log_->verticalScrollBar()->maximum());
  });
  connect(&document_, &Document::sceneChanged, this, &TrainingPanel::showStatus);
  connect(&document_, &Document::camsChanged, this, &TrainingPanel::showStatus);
}

QString TrainingPanel::stateText() const {
  const auto& status = runs_.monitor().status();
  if (!status && !runs_.monitor().problem().empty()) return tr("Unknown");
  if (!status) return runs_.isActive() ? tr("Starting…") : tr("No training yet");
  if (runs_.monitor().isLost()) return tr("Crashed");
  switch (status->state) {
    case RunState::Preparing:
      return tr("Preparing");
    case RunState::Running:
      return tr("Running");
    case RunState::Pausing:
      return tr("Pausing…");
    case RunState::Paused:
      return tr("Paused");
    case RunState::Stopping:
      return tr("Stopping…");
    case RunState::Stopped:
      return tr("Stopped");
    case RunState::Finished:
      return tr("Finished");
    case RunState::Failed:
      return tr("Failed");
  }
  return {};
}

QString TrainingPanel::rateText() const {
  const auto& status = runs_.monitor().status();
  if (!status) return {};
  QStringList parts;
  if (!status->phase.empty()) parts += tr("phase %1").arg(QString::fromStdString(status->phase));
  if (runs_.isActive() && !status->note.empty()) parts += QString::fromStdString(status->note);
  if (status->total_steps > 0) parts += tr("step %1 of %2").arg(status->step).arg(status->total_steps);
  if (runs_.isActive() && status->steps_per_s > 0)
    parts += tr("%1 steps/s").arg(QLocale().toString(status->steps_per_s, 'f', 1));
  if (runs_.isActive() && status->eta_s > 0) parts += tr("%1 left").arg(durationText(status->eta_s));
  return parts.join(QStringLiteral(" · "));
}

void TrainingPanel::showStatus() {
  const auto& status = runs_.monitor().status();
  const bool is_active = runs_.isActive();
  const bool is_paused = status && (status->state == RunState::Paused || status->state == RunState::Pausing);
  state_->setText(stateText());
  rate_->setText(rateText());
  rate_->setToolTip(rateText());
  rate_->setVisible(!rateText().isEmpty());
  const auto& run = runs_.monitor().run();
  run_->setText(run ? QString::fromStdString(run->filename().string()) : QString());
  run_->setToolTip(run ? QString::fromStdString(run->string()) : QString());
  run_->setVisible(run.has_value());
  toggle_->setText(!is_active ? tr("Start training") : is_paused ? tr("Resume") : tr("Pause"));
  toggle_->setAccessibleName(toggle_->text());
  toggle_->setIcon(lineIcon(is_active && !is_paused ? IconShape::Pause : IconShape::Play));
  toggle_->setEnabled(document_.scene() != nullptr && (!is_active || status));
  stop_->setEnabled(is_active && status);
  progress_->setRange(0, status && status->total_steps > 0 ? static_cast<int>(status->total_steps) : is_active ? 0 : 1);
  progress_->setValue(status ? static_cast<int>(status->step) : 0);
  reason_->setText(reasonText());
  reason_->setVisible(!reasonText().isEmpty());
}

QString TrainingPanel::reasonText() const {
  const RunMonitor& monitor = runs_.monitor();
  const auto& status = monitor.status();
  QStringList lines;
  if (monitor.isLost()) {
    lines += tr("The training process ended unexpectedly. See the log.");
  } else if (status && !status->reason.empty()) {
    lines += QString::fromStdString(status->reason);
  }
  if (!monitor.problem().empty()) lines += QString::fromStdString(monitor.problem());
  if (monitor.numRowsSkipped() > 0)
    lines += tr("Unreadable lines of metrics.jsonl, missing from the curves: %1").arg(monitor.numRowsSkipped());
  if (status && status->step > 0 && !runs_.isActive() && !monitor.hasCams())
    lines += tr("This run has no CAMs of the open scene. Load its networks to predict it.");
  return lines.join('\n');
}

}  // namespace tagscape
