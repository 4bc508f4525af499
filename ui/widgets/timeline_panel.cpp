#include "ui/widgets/timeline_panel.h"

#include "ui/widgets/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>

namespace tagscape {
namespace {

QToolButton* stepButton(IconShape shape, const QString& object_name, const QString& text, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setObjectName(object_name);
  button->setAccessibleName(text);
  button->setToolTip(text);
  button->setIcon(lineIcon(shape));
  button->setAutoRaise(true);
  button->setAutoRepeat(true);
  return button;
}

}  // namespace

TimelinePanel::TimelinePanel(Document& document, QWidget* parent)
    : QWidget(parent),
      document_(document),
      previous_(stepButton(IconShape::Previous, "previousFrame", tr("Previous frame (←)"), this)),
      next_(stepButton(IconShape::Next, "nextFrame", tr("Next frame (→)"), this)),
      slider_(new QSlider(Qt::Horizontal, this)),
      label_(new QLabel(this)) {
  setObjectName("timelinePanel");
  slider_->setObjectName("frameSlider");
  slider_->setAccessibleName(tr("Frame"));
  slider_->setTickPosition(QSlider::TicksBelow);
  label_->setObjectName("frameLabel");
  label_->setAccessibleName(tr("Current frame"));
  label_->setMinimumWidth(
      label_->fontMetrics().horizontalAdvance(QStringLiteral("Frame 00000 · 000 of 000 · no pose, no depth")));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(8, 4, 8, 4);
  layout->addWidget(previous_);
  layout->addWidget(next_);
  layout->addWidget(slider_, 1);
  layout->addWidget(label_);
  setMaximumHeight(sizeHint().height());
  connect(previous_, &QToolButton::clicked, this, [this] { document_.setFrameIndex(document_.frameIndex() - 1); });
  connect(next_, &QToolButton::clicked, this, [this] { document_.setFrameIndex(document_.frameIndex() + 1); });
  connect(slider_, &QSlider::valueChanged, &document_, &Document::setFrameIndex);
  connect(&document_, &Document::frameChanged, this, &TimelinePanel::showFrame);
  connect(&document_, &Document::sceneChanged, this, &TimelinePanel::showScene);
  showScene();
}

void TimelinePanel::showScene() {
  const QSignalBlocker quiet(slider_);  // A range that shrinks would choose another frame.
  slider_->setRange(0, std::max(0, document_.numFrames() - 1));
  slider_->setTickInterval(std::max(1, document_.numFrames() / 40));
  setEnabled(document_.numFrames() > 0);
  showFrame();
}

void TimelinePanel::showFrame() {
  const Frame* frame = document_.frame();
  if (!frame) {
    label_->setText(tr("No frames"));
    return;
  }
  slider_->setValue(document_.frameIndex());
  previous_->setEnabled(document_.frameIndex() > 0);
  next_->setEnabled(document_.frameIndex() + 1 < document_.numFrames());
  QStringList missing;
  if (!frame->has_color) missing += tr("no colour");
  if (!frame->has_depth) missing += tr("no depth");
  if (!frame->world_from_camera) missing += tr("no pose");
  QString text =
      tr("Frame %1 · %2 of %3").arg(frame->number).arg(document_.frameIndex() + 1).arg(document_.numFrames());
  if (!missing.isEmpty()) text += QStringLiteral(" · ") + missing.join(QStringLiteral(", "));
  label_->setText(text);
}

}  // namespace tagscape
