#include "ui/image_view/timeline_panel.h"

#include "ui/image_view/observing_frame_strip.h"
#include "ui/services/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QSlider>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QToolButton>
#include <QVBoxLayout>

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

/// Goes to where it is clicked, and can be dragged on from there: a slider of Qt's moves by ten frames instead.
class FrameSlider : public QSlider {
 public:
  using QSlider::QSlider;

 protected:
  void mousePressEvent(QMouseEvent* event) override {
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRect handle = style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this);
    if (event->button() == Qt::LeftButton && !handle.contains(event->position().toPoint())) {
      const int track = width() - handle.width();
      const int x = qRound(event->position().x()) - handle.width() / 2;
      setValue(QStyle::sliderValueFromPosition(minimum(), maximum(), x, track, option.upsideDown));
    }
    QSlider::mousePressEvent(event);
  }
};

}  // namespace

TimelinePanel::TimelinePanel(Document& document, QWidget* parent)
    : QWidget(parent),
      document_(document),
      previous_(stepButton(IconShape::Previous, "previousFrame", tr("Previous frame (←)"), this)),
      next_(stepButton(IconShape::Next, "nextFrame", tr("Next frame (→)"), this)),
      previous_observing_frame_(new QToolButton(this)),
      next_observing_frame_(new QToolButton(this)),
      disagreeing_(new QToolButton(this)),
      slider_(new FrameSlider(Qt::Horizontal, this)),
      label_(new QLabel(this)) {
  setObjectName("timelinePanel");
  slider_->setObjectName("frameSlider");
  slider_->setAccessibleName(tr("Frame"));
  slider_->setTickPosition(QSlider::TicksBelow);
  label_->setObjectName("frameLabel");
  label_->setAccessibleName(tr("Current frame"));
  // As wide as it may become, so that the slider keeps its width from frame to frame.
  label_->setMinimumWidth(label_->fontMetrics().horizontalAdvance(QStringLiteral("Frame 00000 · 0000 of 0000")));
  makeObservingFrameButtons();
  auto* track = new QVBoxLayout;
  track->setSpacing(0);
  track->addWidget(new ObservingFrameStrip(document, *slider_, this));
  track->addWidget(slider_);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(8, 2, 8, 2);
  for (QToolButton* button : {previous_, next_}) layout->addWidget(button);
  layout->addLayout(track, 1);
  for (QToolButton* button : {previous_observing_frame_, disagreeing_, next_observing_frame_})
    layout->addWidget(button);
  layout->addWidget(label_);
  setMaximumHeight(sizeHint().height());
  connect(previous_, &QToolButton::clicked, this, [this] { document_.setFrameIndex(document_.frameIndex() - 1); });
  connect(next_, &QToolButton::clicked, this, [this] { document_.setFrameIndex(document_.frameIndex() + 1); });
  connect(slider_, &QSlider::valueChanged, &document_, &Document::setFrameIndex);
  connect(&document_, &Document::frameChanged, this, &TimelinePanel::showFrame);
  connect(&document_, &Document::sceneChanged, this, &TimelinePanel::showScene);
  connect(&document_.link(), &ViewLink::observingFramesChanged, this, &TimelinePanel::showObservingFrames);
  showScene();
}

void TimelinePanel::makeObservingFrameButtons() {
  const auto make = [](QToolButton* button, const char* object_name, const QString& text, const QString& help) {
    button->setObjectName(object_name);
    button->setText(text);
    button->setAccessibleName(help);
    button->setToolTip(help);
    button->setAutoRaise(true);
  };
  make(previous_observing_frame_,
       "previousObservingFrame",
       QStringLiteral("["),
       tr("Previous frame that sees the point"));
  make(next_observing_frame_, "nextObservingFrame", QStringLiteral("]"), tr("Next frame that sees the point"));
  make(disagreeing_,
       "mostDisagreeing",
       QStringLiteral("≠"),
       tr("The frame whose 2D CAM differs most from the 3D CAM of the point"));
  const auto go = [this](const std::optional<int>& frame) {
    if (frame) document_.setFrameIndex(*frame);
  };
  connect(previous_observing_frame_, &QToolButton::clicked, this, [this, go] {
    go(document_.link().observingFrameBeside(document_.frameIndex(), -1));
  });
  connect(next_observing_frame_, &QToolButton::clicked, this, [this, go] {
    go(document_.link().observingFrameBeside(document_.frameIndex(), 1));
  });
  connect(disagreeing_, &QToolButton::clicked, this, [this, go] { go(document_.link().mostDisagreeing()); });
}

void TimelinePanel::showObservingFrames() {
  const ViewLink& link = document_.link();
  previous_observing_frame_->setEnabled(link.observingFrameBeside(document_.frameIndex(), -1).has_value());
  next_observing_frame_->setEnabled(link.observingFrameBeside(document_.frameIndex(), 1).has_value());
  disagreeing_->setEnabled(link.mostDisagreeing().has_value());
}

void TimelinePanel::showScene() {
  const QSignalBlocker quiet(slider_);  // A shrinking range would select another frame.
  slider_->setRange(0, std::max(0, document_.numFrames() - 1));
  slider_->setTickInterval(std::max(1, document_.numFrames() / 40));
  setEnabled(document_.numFrames() > 0);
  showFrame();
}

void TimelinePanel::showFrame() {
  showObservingFrames();
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
  if (!missing.isEmpty()) text += QChar::LineFeed + missing.join(QStringLiteral(", "));
  label_->setText(text);
}

}  // namespace tagscape
