#pragma once

#include <QColor>
#include <QList>
#include <QPainter>
#include <QPointF>
#include <QString>

namespace tagscape {

/// How a marked place is drawn, in the image and in the 3D view alike.
struct MarkerStyle {
  QColor color;
  QString text;               ///< Beside it; empty for none.
  bool is_seen = true;        ///< By the current frame; otherwise the outline is dotted.
  bool is_selection = false;  ///< Drawn larger.
};

/// Draws a marker at a position of a widget, within whose width the text stays. Logical pixels.
void paintMarker(QPainter& painter, QPointF place, const MarkerStyle& style, int width_px);

/// Draws a dot at the position of each selected point.
void paintDots(QPainter& painter, const QList<QPointF>& places);

}  // namespace tagscape
