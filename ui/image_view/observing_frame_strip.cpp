#include "ui/image_view/observing_frame_strip.h"

#include <QHelpEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QSlider>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

const QColor kObservingFrame(0, 158, 115);
const QColor kMostDisagreeing(213, 94, 0);

}  // namespace

ObservingFrameStrip::ObservingFrameStrip(Document& document, QSlider& slider, QWidget* parent)
    : QWidget(parent), document_(document), slider_(slider) {
  setObjectName("observingFrameStrip");
  setAccessibleName(tr("Frames that see the point under the cursor"));
  setFixedHeight(sizeHint().height());
  const auto repaint = [this] { update(); };
  connect(&document.link(), &ViewLink::observingFramesChanged, this, repaint);
  connect(&document, &Document::sceneChanged, this, repaint);
  connect(&document, &Document::frameChanged, this, repaint);
}

int ObservingFrameStrip::xOf(int frame_index) const {
  QStyleOptionSlider option;
  option.initFrom(&slider_);
  option.orientation = Qt::Horizontal;
  option.rect = slider_.rect();
  const int handle = slider_.style()->pixelMetric(QStyle::PM_SliderLength, &option, &slider_);
  const int place = QStyle::sliderPositionFromValue(
      slider_.minimum(), slider_.maximum(), frame_index, slider_.width() - handle, slider_.invertedAppearance());
  return mapFromGlobal(slider_.mapToGlobal(QPoint(place + handle / 2, 0))).x();
}

void ObservingFrameStrip::paintEvent(QPaintEvent*) {
  if (!document_.scene()) return;
  QPainter painter(this);
  constexpr int kWidth = 3, kLow = 5;
  const int bottom = height() - 2;
  const auto& frames = document_.scene()->frames;
  for (int i = 0; i < document_.numFrames(); ++i) {
    const Frame& frame = frames[static_cast<std::size_t>(i)];
    if (frame.has_color && frame.world_from_camera) continue;
    painter.fillRect(QRect(xOf(i) - 1, bottom - 2, 2, 3), palette().color(QPalette::Disabled, QPalette::Text));
  }
  const auto most = document_.link().mostDisagreeing();
  for (const ObservingFrame& observing_frame : document_.link().observing_frames()) {
    const float fraction =
        std::isnan(observing_frame.disagreement) ? 0 : std::clamp(observing_frame.disagreement, 0.F, 1.F);
    const int tall = kLow + static_cast<int>(std::lround(fraction * static_cast<float>(height() - 2 - kLow)));
    painter.fillRect(QRect(xOf(observing_frame.frame_index) - kWidth / 2, bottom - tall + 1, kWidth, tall),
                     most == observing_frame.frame_index ? kMostDisagreeing : kObservingFrame);
  }
  painter.setPen(palette().color(QPalette::Highlight));
  painter.drawLine(xOf(document_.frameIndex()), 0, xOf(document_.frameIndex()), height());
}

void ObservingFrameStrip::mousePressEvent(QMouseEvent* event) {
  const auto& observing_frames = document_.link().observing_frames();
  const auto distance = [&](const ObservingFrame& observing_frame) {
    return std::abs(xOf(observing_frame.frame_index) - qRound(event->position().x()));
  };
  const auto nearest = std::min_element(
      observing_frames.begin(), observing_frames.end(), [&](const ObservingFrame& a, const ObservingFrame& b) {
        return distance(a) < distance(b);
      });
  if (nearest != observing_frames.end()) document_.setFrameIndex(nearest->frame_index);
}

bool ObservingFrameStrip::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  auto* help = static_cast<QHelpEvent*>(event);
  QString text = tr("Point at or click the scan to mark the frames that observe the point");
  for (const ObservingFrame& observing_frame : document_.link().observing_frames()) {
    if (std::abs(xOf(observing_frame.frame_index) - help->pos().x()) > 3) continue;
    text = tr("Frame %1 sees the point")
               .arg(document_.scene()->frames[static_cast<std::size_t>(observing_frame.frame_index)].number);
    if (!std::isnan(observing_frame.disagreement)) {
      text += tr("; 2D and 3D CAM differ by %1")
                  .arg(QLocale().toString(static_cast<double>(observing_frame.disagreement), 'f', 2));
    }
  }
  QToolTip::showText(help->globalPos(), text, this);
  return true;
}

}  // namespace tagscape
