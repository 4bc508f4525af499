#include "ui/panels/busy_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace tagscape {

BusyBar::BusyBar(JobRunner& runner, const QString& what, QWidget* parent)
    : QWidget(parent),
      label_(new QLabel(what, this)),
      bar_(new QProgressBar(this)),
      cancel_(new QPushButton(tr("Cancel"), this)) {
  setObjectName("busyBar");
  bar_->setObjectName("jobProgress");
  bar_->setAccessibleName(tr("Progress: %1").arg(what));
  bar_->setFixedWidth(180);
  bar_->setMaximumHeight(14);
  bar_->setTextVisible(false);
  cancel_->setObjectName("cancelJob");
  cancel_->setAccessibleName(tr("Cancel: %1").arg(what));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(4, 0, 4, 0);
  layout->addWidget(label_);
  layout->addWidget(bar_);
  layout->addWidget(cancel_);
  setVisible(false);
  connect(cancel_, &QPushButton::clicked, &runner, &JobRunner::cancel);
  connect(&runner, &JobRunner::progressed, this, &BusyBar::showProgress);
  connect(&runner, &JobRunner::busyChanged, this, [this, what](bool is_busy) {
    setVisible(is_busy);
    label_->setText(what);
    bar_->setRange(0, 0);
    stage_.clear();
  });
}

void BusyBar::showProgress(const Progress& progress) {
  if (progress.stage != stage_) stage_clock_.restart();
  stage_ = progress.stage;
  QString text = QString::fromStdString(progress.stage);
  bar_->setRange(0, static_cast<int>(progress.total));
  bar_->setValue(static_cast<int>(progress.done));
  const double elapsed_s = static_cast<double>(stage_clock_.elapsed()) / 1000;
  if (progress.done > 0 && progress.total > progress.done && elapsed_s > 1) {
    const double left_s =
        elapsed_s * static_cast<double>(progress.total - progress.done) / static_cast<double>(progress.done);
    text += tr(" · %1 s left").arg(qRound(left_s + .5));
  }
  label_->setText(text);
}

}  // namespace tagscape
