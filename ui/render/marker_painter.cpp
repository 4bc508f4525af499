#include "ui/render/marker_painter.h"

#include "ui/render/colors.h"

#include <QFontMetrics>

#include <utility>

namespace tagscape {

void paintMarker(QPainter& painter, QPointF place, const MarkerStyle& style, int width_px) {
  constexpr double kRadius = 7, kSelectionRadius = 9, kTextGap = 5;
  const double radius = style.is_selection ? kSelectionRadius : kRadius;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  for (const auto& [color, width] : {std::pair(QColor(0, 0, 0, 190), 4.5), std::pair(style.color, 2.2)}) {
    painter.setPen(QPen(color, width, style.is_seen ? Qt::SolidLine : Qt::DotLine));
    painter.drawEllipse(place, radius, radius);
    painter.drawPoint(place);
  }
  if (style.text.isEmpty()) return;
  QRectF box = painter.fontMetrics().boundingRect(style.text).adjusted(-5, -2, 5, 2);
  box.moveTopLeft(place + QPointF(radius + kTextGap, -box.height() / 2));
  if (box.right() > width_px) box.moveRight(place.x() - radius - kTextGap);
  painter.setPen(Qt::NoPen);
  painter.setBrush(QColor(20, 22, 26, 210));
  painter.drawRoundedRect(box, 4, 4);
  painter.setPen(Qt::white);
  painter.drawText(box, Qt::AlignCenter, style.text);
}

void paintDots(QPainter& painter, const QList<QPointF>& places) {
  constexpr double kDiameter = 3;
  painter.setPen(QPen(kSelectionColor, kDiameter));
  painter.drawPoints(places.constData(), static_cast<int>(places.size()));
}

}  // namespace tagscape
