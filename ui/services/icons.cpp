#include "ui/services/icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>

namespace tagscape {
namespace {

/// Outlines on a 16 x 16 grid.
QPainterPath outline(IconShape shape) {
  QPainterPath path;
  switch (shape) {
    case IconShape::Open:
      path.addPolygon(QPolygonF{{2, 13}, {2, 3.5}, {6, 3.5}, {7.5, 5}, {13, 5}, {13, 13}, {2, 13}});
      break;
    case IconShape::Play:
      path.addPolygon(QPolygonF{{4.5, 3}, {13, 8}, {4.5, 13}, {4.5, 3}});
      break;
    case IconShape::Pause:
      path.addRect(4, 3.5, 2.6, 9);
      path.addRect(9.4, 3.5, 2.6, 9);
      break;
    case IconShape::Stop:
      path.addRoundedRect(4, 4, 8, 8, 1, 1);
      break;
    case IconShape::Fit:
      for (const auto& [x, y, sx, sy] :
           {std::tuple{2.5, 2.5, 1, 1}, {13.5, 2.5, -1, 1}, {2.5, 13.5, 1, -1}, {13.5, 13.5, -1, -1}}) {
        path.moveTo(x + 4 * sx, y);
        path.lineTo(x, y);
        path.lineTo(x, y + 4 * sy);
      }
      break;
    case IconShape::Previous:
      path.addPolygon(QPolygonF{{10, 3.5}, {5.5, 8}, {10, 12.5}});
      break;
    case IconShape::Next:
      path.addPolygon(QPolygonF{{6, 3.5}, {10.5, 8}, {6, 12.5}});
      break;
    case IconShape::Warning:
      path.addPolygon(QPolygonF{{8, 2.5}, {14, 13}, {2, 13}, {8, 2.5}});
      path.moveTo(8, 6.5);
      path.lineTo(8, 9.5);
      path.addEllipse(QPointF(8, 11.3), .4, .4);
      break;
    case IconShape::Export:
      path.addPolygon(QPolygonF{{3, 9}, {3, 13}, {13, 13}, {13, 9}});
      path.moveTo(8, 10);
      path.lineTo(8, 2.5);
      path.addPolygon(QPolygonF{{5, 5.5}, {8, 2.5}, {11, 5.5}});
      break;
  }
  return path;
}

class LineIconEngine : public QIconEngine {
 public:
  explicit LineIconEngine(IconShape shape) : shape_(shape) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
    const QColor color = QGuiApplication::palette().color(group, QPalette::ButtonText);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.topLeft());
    painter->scale(rect.width() / 16.0, rect.height() / 16.0);
    const bool is_filled = shape_ == IconShape::Play || shape_ == IconShape::Pause || shape_ == IconShape::Stop;
    painter->setBrush(is_filled ? QBrush(color) : QBrush(Qt::NoBrush));
    painter->setPen(QPen(color, is_filled ? .8 : 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPath(outline(shape_));
    painter->restore();
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return pixmap;
  }

  [[nodiscard]] QIconEngine* clone() const override { return new LineIconEngine(shape_); }

 private:
  IconShape shape_;
};

}  // namespace

QIcon lineIcon(IconShape shape) { return QIcon(new LineIconEngine(shape)); }

}  // namespace tagscape
