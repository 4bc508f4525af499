#include "ui/widgets/witness_strip.h"

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

const QColor kWitness(0, 158, 115);
const QColor kMostDisagreeing(213, 94, 0);

}  // namespace

WitnessStrip::WitnessStrip(Document& document, QSlider& slider, QWidget* parent)
    : QWidget(parent), document_(document), slider_(slider) {
  setObjectName("witnessStrip");
  setAccessibleName(tr("Frames that see the point under the cursor"));
  setFixedHeight(sizeHint().height());
  const auto repaint = [this] { update(); };
  connect(&document.link(), &ViewLink::witnessesChanged, this, repaint);
  connect(&document, &Document::sceneChanged, this, repaint);
  connect(&document, &Document::frameChanged, this, repaint);
}

int WitnessStrip::xOf(int frame_index) const {
  QStyleOptionSlider option;
  option.initFrom(&slider_);
  option.orientation = Qt::Horizontal;
  option.rect = slider_.rect();
  const int handle = slider_.style()->pixelMetric(QStyle::PM_SliderLength, &option, &slider_);
  const int place = QStyle::sliderPositionFromValue(
      slider_.minimum(), slider_.maximum(), frame_index, slider_.width() - handle, slider_.invertedAppearance());
  return mapFromGlobal(slider_.mapToGlobal(QPoint(place + handle / 2, 0))).x();
}

void WitnessStrip::paintEvent(QPaintEvent*) {
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
  for (const Witness& witness : document_.link().witnesses()) {
    const float share = std::isnan(witness.disagreement) ? 0 : std::clamp(witness.disagreement, 0.F, 1.F);
    const int tall = kLow + static_cast<int>(std::lround(share * static_cast<float>(height() - 2 - kLow)));
    painter.fillRect(QRect(xOf(witness.frame_index) - kWidth / 2, bottom - tall + 1, kWidth, tall),
                     most == witness.frame_index ? kMostDisagreeing : kWitness);
  }
  painter.setPen(palette().color(QPalette::Highlight));
  painter.drawLine(xOf(document_.frameIndex()), 0, xOf(document_.frameIndex()), height());
}

void WitnessStrip::mousePressEvent(QMouseEvent* event) {
  const auto& witnesses = document_.link().witnesses();
  const auto distance = [&](const Witness& witness) {
    return std::abs(xOf(witness.frame_index) - qRound(event->position().x()));
  };
  const auto nearest = std::min_element(witnesses.begin(), witnesses.end(), [&](const Witness& a, const Witness& b) {
    return distance(a) < distance(b);
  });
  if (nearest != witnesses.end()) document_.setFrameIndex(nearest->frame_index);
}

bool WitnessStrip::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  auto* help = static_cast<QHelpEvent*>(event);
  QString text = tr("Point at the scan, or click it: frames that see the place are marked here");
  for (const Witness& witness : document_.link().witnesses()) {
    if (std::abs(xOf(witness.frame_index) - help->pos().x()) > 3) continue;
    text = tr("Frame %1 sees the point")
               .arg(document_.scene()->frames[static_cast<std::size_t>(witness.frame_index)].number);
    if (!std::isnan(witness.disagreement)) {
      text +=
          tr("; 2D and 3D CAM differ by %1").arg(QLocale().toString(static_cast<double>(witness.disagreement), 'f', 2));
    }
  }
  QToolTip::showText(help->globalPos(), text, this);
  return true;
}

}  // namespace tagscape
