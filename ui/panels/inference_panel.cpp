#include "ui/panels/inference_panel.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace tagscape {
namespace {

QPushButton* button(const QString& object_name, const QString& text, QWidget* parent) {
  auto* made = new QPushButton(text, parent);
  made->setObjectName(object_name);
  made->setAccessibleName(text);
  return made;
}

}  // namespace

InferencePanel::InferencePanel(Document& document, InferenceController& inference, QWidget* parent)
    : QWidget(parent),
      document_(document),
      inference_(inference),
      run_(new QLabel(this)),
      open_(button("openInferenceRun", tr("Open a run…"), this)),
      predict_scene_(button("predictScene", tr("Predict the scene"), this)),
      predict_frame_(button("predictFrame", tr("Predict the frame"), this)),
      follow_(new QCheckBox(tr("Predict automatically"), this)),
      bar_(new QProgressBar(this)),
      cancel_(button("cancelPrediction", tr("Cancel"), this)),
      message_(new QLabel(this)) {
  setObjectName("inferencePanel");
  run_->setObjectName("inferenceRun");
  run_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  follow_->setObjectName("followFrames");
  bar_->setObjectName("predictionProgress");
  bar_->setAccessibleName(tr("Progress of the prediction"));
  bar_->setTextVisible(false);
  message_->setObjectName("inferenceMessage");
  message_->setWordWrap(true);
  auto* first = new QHBoxLayout;
  first->addWidget(run_, 1);
  first->addWidget(open_);
  auto* second = new QHBoxLayout;
  second->addWidget(predict_scene_);
  second->addWidget(predict_frame_);
  second->addStretch();
  auto* third = new QHBoxLayout;
  third->addWidget(bar_, 1);
  third->addWidget(cancel_);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(first);
  layout->addLayout(second);
  layout->addWidget(follow_);
  layout->addLayout(third);
  layout->addWidget(message_);
  layout->addStretch();
  connect(open_, &QPushButton::clicked, this, &InferencePanel::openRunAsked);
  connect(predict_scene_, &QPushButton::clicked, &inference, &InferenceController::predictScene);
  connect(predict_frame_, &QPushButton::clicked, &inference, &InferenceController::predictFrame);
  connect(cancel_, &QPushButton::clicked, &inference, &InferenceController::cancel);
  connect(follow_, &QCheckBox::toggled, &inference, &InferenceController::setFollowsFrames);
  connect(&inference, &InferenceController::changed, this, &InferencePanel::show);
  connect(&inference, &InferenceController::predicted, this, &InferencePanel::show);
  connect(&inference, &InferenceController::progressed, this, &InferencePanel::showProgress);
  connect(&document, &Document::sceneChanged, this, &InferencePanel::show);
  show();
}

void InferencePanel::show() {
  const QString& run = inference_.client().run();
  const bool is_off = inference_.client().state() == PredictionClient::State::Off;
  const auto& at_hand = inference_.runAtHand();
  if (!is_off) {
    run_->setText(QFileInfo(run).fileName());
  } else if (at_hand) {
    run_->setText(tr("%1 (loaded when needed)").arg(QString::fromStdString(at_hand->filename().string())));
  } else {
    run_->setText(tr("No networks. Open a run that has a checkpoint."));
  }
  run_->setToolTip(is_off && at_hand ? QString::fromStdString(at_hand->string()) : run);
  predict_scene_->setEnabled(inference_.hasNetworks() && document_.scene());
  predict_frame_->setEnabled(inference_.hasNetworks() && document_.frame());
  follow_->setChecked(inference_.followsFrames());
  const bool is_busy = inference_.isBusy() || inference_.client().state() == PredictionClient::State::Starting;
  bar_->setVisible(is_busy);
  cancel_->setVisible(inference_.isBusy());
  if (!is_busy) bar_->reset();
  if (is_busy && bar_->value() <= 0) bar_->setRange(0, 0);
  message_->setText(inference_.message());
}

void InferencePanel::showProgress(const QString& stage, qint64 done, qint64 total) {
  bar_->setRange(0, static_cast<int>(total));
  bar_->setValue(static_cast<int>(done));
  message_->setText(total > 0 ? tr("%1: %2 of %3").arg(stage).arg(done).arg(total) : stage);
}

}  // namespace tagscape
