#include "ui/widgets/image_canvas.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr double kSmallestScale = 0.05;
constexpr double kLargestScale = 64;

}  // namespace

ImageCanvas::ImageCanvas(QWidget* parent) : QWidget(parent) {
  setObjectName("imageCanvas");
  setAccessibleName(tr("Image view"));
  setAccessibleDescription(tr("The current frame; wheel to zoom, drag to pan, double click to fit"));
  setMinimumSize(160, 120);
}

void ImageCanvas::setPicture(const FramePicture& picture) {
  const QSize before = imageSize();
  picture_ = picture;
  if (imageSize() != before) fits_ = true;
  if (fits_) fit();
  update();
}

void ImageCanvas::setOverlayOpacity(float opacity) {
  opacity_ = opacity;
  update();
}

QSize ImageCanvas::imageSize() const {
  return picture_.color.isNull() ? picture_.overlay.size() : picture_.color.size();
}

void ImageCanvas::fit() {
  fits_ = true;
  const QSize size = imageSize();
  if (size.isEmpty()) return;
  scale_ = std::min(static_cast<double>(width()) / size.width(), static_cast<double>(height()) / size.height());
  offset_ = {(width() - size.width() * scale_) / 2, (height() - size.height() * scale_) / 2};
  update();
}

QRectF ImageCanvas::imageRect() const { return {offset_, QSizeF(imageSize()) * scale_}; }

QPointF ImageCanvas::widgetFromImage(QPointF pixel) const { return offset_ + (pixel + QPointF(.5, .5)) * scale_; }

void ImageCanvas::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const bool is_dark = palette().color(QPalette::Window).lightness() < 128;
  painter.fillRect(rect(), is_dark ? QColor(27, 29, 33) : QColor(226, 229, 234));
  // Pixels are meant to be seen as such once they are large.
  painter.setRenderHint(QPainter::SmoothPixmapTransform, scale_ < 3);
  if (!picture_.color.isNull()) painter.drawImage(imageRect(), picture_.color);
  if (!picture_.overlay.isNull()) {
    painter.setOpacity(static_cast<double>(opacity_));
    painter.drawImage(imageRect(), picture_.overlay);
    painter.setOpacity(1);
  }
  if (!picture_.problem.empty()) {
    drawMessage(painter, QString::fromStdString(picture_.problem), true);
  } else if (!picture_.note.empty()) {
    drawMessage(painter, QString::fromStdString(picture_.note), false);
  }
}

void ImageCanvas::drawMessage(QPainter& painter, const QString& text, bool is_problem) const {
  constexpr int kMargin = 12;
  const QRect room = rect().adjusted(kMargin * 2, kMargin * 2, -kMargin * 2, -kMargin * 2);
  const int flags = Qt::TextWrapAnywhere | Qt::AlignLeft | Qt::AlignTop;
  const QRect needed = painter.fontMetrics().boundingRect(room, flags, text);
  QRect box = needed.adjusted(-kMargin, -kMargin, kMargin, kMargin);
  box.moveCenter(picture_.color.isNull() ? rect().center()
                                         : QPoint(rect().center().x(), rect().bottom() - box.height() / 2 - kMargin));
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(is_problem ? QColor(122, 40, 32, 235) : QColor(20, 22, 26, 200));
  painter.drawRoundedRect(box, 6, 6);
  painter.setPen(Qt::white);
  painter.drawText(box.adjusted(kMargin, kMargin, -kMargin, -kMargin), flags, text);
}

void ImageCanvas::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (imageSize().isEmpty()) return;
  const double wanted = scale_ * std::pow(1.18, event->angleDelta().y() / 120.0);
  const double scale = std::clamp(wanted, kSmallestScale, kLargestScale);
  offset_ = event->position() - (event->position() - offset_) * (scale / scale_);
  scale_ = scale;
  fits_ = false;
  update();
}

void ImageCanvas::mousePressEvent(QMouseEvent* event) { last_mouse_ = event->position(); }

void ImageCanvas::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() == Qt::NoButton) return;
  offset_ += event->position() - last_mouse_;
  last_mouse_ = event->position();
  fits_ = false;
  update();
}

void ImageCanvas::mouseDoubleClickEvent(QMouseEvent*) { fit(); }

void ImageCanvas::resizeEvent(QResizeEvent*) {
  if (fits_) fit();
}

}  // namespace tagscape
