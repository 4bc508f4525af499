#include "ui/image_view/image_canvas.h"

#include "ui/render/marker_painter.h"
#include "ui/render/visibility_text.h"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QTextOption>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

constexpr double kSmallestScale = 0.05;
constexpr double kLargestScale = 96;
constexpr double kScaleOfValues = 34;  // From this size on, a pixel has room for a number.
constexpr double kDividerGrip_px = 6;

float valueAt(const Image<float>& values, QPointF pixel, QSize image) {
  if (values.empty() || image.isEmpty()) return std::numeric_limits<float>::quiet_NaN();
  const int x = static_cast<int>((pixel.x() + .5) * values.width / image.width());
  const int y = static_cast<int>((pixel.y() + .5) * values.height / image.height());
  if (x < 0 || y < 0 || x >= values.width || y >= values.height) return std::numeric_limits<float>::quiet_NaN();
  return values.at(x, y);
}

}  // namespace

QString overlayValueText(FrameOverlay kind, float value) {
  if (std::isnan(value)) return {};
  switch (kind) {
    case FrameOverlay::Cam2d:
    case FrameOverlay::ProjectedCam:
      return QLocale().toString(static_cast<double>(value), 'f', 2);
    case FrameOverlay::Occlusion:
      return visibilityText(static_cast<Visibility>(value));
    case FrameOverlay::Truth:
    case FrameOverlay::Prediction:
    case FrameOverlay::PseudoLabel:
      return QString::fromStdString(std::string(classCatalog()[static_cast<std::size_t>(value)].name));
    case FrameOverlay::Labels:
    case FrameOverlay::None:
      break;
  }
  return {};
}

QString overlayValueText(const OverlayPicture& overlay, float value) {
  if (overlay.kind != FrameOverlay::Labels || std::isnan(value)) return overlayValueText(overlay.kind, value);
  return overlay.value_names.value(static_cast<int>(value));
}

ImageCanvas::ImageCanvas(QWidget* parent) : QWidget(parent) {
  setObjectName("imageCanvas");
  setAccessibleName(tr("Image view"));
  setAccessibleDescription(tr("The current frame; wheel to zoom, drag to pan, double click to fit"));
  setMinimumSize(160, 120);
  setMouseTracking(true);
  setFocusPolicy(Qt::ClickFocus);  // Tools take keys: Enter ends a polygon.
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

void ImageCanvas::setDots(QList<QPointF> pixels) {
  if (pixels.isEmpty() && dots_.isEmpty()) return;
  dots_ = std::move(pixels);
  update();
}

void ImageCanvas::drawDots(QPainter& painter) const {
  QList<QPointF> places;
  places.reserve(dots_.size());
  for (const QPointF& pixel : dots_) places.push_back(widgetFromImage(pixel));
  paintDots(painter, places);
}

void ImageCanvas::setHoverMarker(const std::optional<ImageMarker>& marker) {
  hover_marker_ = marker;
  update();
}

void ImageCanvas::setSelectionMarker(const std::optional<ImageMarker>& marker) {
  selection_marker_ = marker;
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

void ImageCanvas::zoomTo(QPointF pixel, double scale) {
  scale_ = std::clamp(scale, kSmallestScale, kLargestScale);
  offset_ = QPointF(width(), height()) / 2 - (pixel + QPointF(.5, .5)) * scale_;
  fits_ = false;
  update();
}

QRectF ImageCanvas::imageRect() const { return {offset_, QSizeF(imageSize()) * scale_}; }

QPointF ImageCanvas::widgetFromImage(QPointF pixel) const { return offset_ + (pixel + QPointF(.5, .5)) * scale_; }

QPointF ImageCanvas::imageFromWidget(QPointF place) const { return (place - offset_) / scale_ - QPointF(.5, .5); }

double ImageCanvas::dividerX() const { return imageRect().left() + divider_ * imageRect().width(); }

bool ImageCanvas::isOnDivider(QPointF place) const {
  return picture_.second && std::abs(place.x() - dividerX()) <= kDividerGrip_px;
}

const OverlayPicture* ImageCanvas::overlayAt(QPointF pixel) const {
  const bool is_beyond = picture_.second && (pixel.x() + .5) > divider_ * imageSize().width();
  return is_beyond ? &*picture_.second : &picture_.first;
}

QString ImageCanvas::valueText(QPointF pixel) const {
  const QPoint at(qRound(pixel.x()), qRound(pixel.y()));
  if (!QRect(QPoint(0, 0), imageSize()).contains(at)) return {};
  QString text = tr("x %1 y %2").arg(at.x()).arg(at.y());
  if (!picture_.depth_m.empty()) {
    const float depth_m = valueAt(picture_.depth_m, at, imageSize());
    text += QStringLiteral(" · ") +
            (depth_m > 0 ? tr("%1 m").arg(QLocale().toString(static_cast<double>(depth_m), 'f', 3)) : tr("no depth"));
  } else if (!picture_.color.isNull()) {
    const QColor color = picture_.color.pixelColor(at);
    text += tr(" · RGB %1 %2 %3").arg(color.red()).arg(color.green()).arg(color.blue());
  }
  const OverlayPicture* overlay = overlayAt(at);
  const QString value = overlayValueText(*overlay, valueAt(overlay->values, at, imageSize()));
  return value.isEmpty() ? text : text + QStringLiteral(" · ") + value;
}

void ImageCanvas::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const bool is_dark = palette().color(QPalette::Window).lightness() < 128;
  painter.fillRect(rect(), is_dark ? QColor(27, 29, 33) : QColor(226, 229, 234));
  // Enlarged pixels are drawn as squares.
  painter.setRenderHint(QPainter::SmoothPixmapTransform, scale_ < 3);
  if (!picture_.color.isNull()) painter.drawImage(imageRect(), picture_.color);
  drawOverlays(painter);
  if (scale_ >= kScaleOfValues) drawValues(painter);
  if (!dots_.isEmpty()) drawDots(painter);
  const bool has_image = !picture_.color.isNull();  // A marker would cover the message that explains the missing image.
  if (selection_marker_ && has_image) drawMarker(painter, *selection_marker_, true);
  if (hover_marker_ && has_image) drawMarker(painter, *hover_marker_, false);
  if (!picture_.problem.empty()) {
    drawMessage(painter, QString::fromStdString(picture_.problem), true);
  } else if (!picture_.note.empty()) {
    drawMessage(painter, QString::fromStdString(picture_.note), false);
  }
  painter.setOpacity(1);
  tools_.paint(painter);
}

void ImageCanvas::drawOverlays(QPainter& painter) const {
  painter.setOpacity(static_cast<double>(opacity_));
  if (!picture_.second) {
    if (!picture_.overlay.isNull()) painter.drawImage(imageRect(), picture_.overlay);
    painter.setOpacity(1);
    return;
  }
  const double x = dividerX();
  painter.save();
  painter.setClipRect(QRectF(0, 0, x, height()));
  if (!picture_.overlay.isNull()) painter.drawImage(imageRect(), picture_.overlay);
  painter.setClipRect(QRectF(x, 0, width() - x, height()));
  if (!picture_.second->image.isNull()) painter.drawImage(imageRect(), picture_.second->image);
  painter.restore();
  painter.setOpacity(1);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(QColor(0, 0, 0, 160), 4));
  painter.drawLine(QPointF(x, imageRect().top()), QPointF(x, imageRect().bottom()));
  painter.setPen(QPen(Qt::white, 2));
  painter.drawLine(QPointF(x, imageRect().top()), QPointF(x, imageRect().bottom()));
  painter.setBrush(Qt::white);
  painter.drawEllipse(QPointF(x, imageRect().center().y()), 6, 6);
}

void ImageCanvas::drawValues(QPainter& painter) const {
  const QRect all(QPoint(0, 0), imageSize());
  const QPoint first = imageFromWidget({0, 0}).toPoint() - QPoint(1, 1);
  const QPoint last = imageFromWidget({double(width()), double(height())}).toPoint() + QPoint(1, 1);
  const QRect visible = QRect(first, last).intersected(all);
  QFont font = painter.font();
  font.setPixelSize(std::clamp(static_cast<int>(scale_ / 4.2), 8, 15));
  painter.setFont(font);
  for (int y = visible.top(); y <= visible.bottom(); ++y) {
    for (int x = visible.left(); x <= visible.right(); ++x) {
      const QPoint at(x, y);
      const OverlayPicture* overlay = overlayAt(at);
      QString text = overlayValueText(*overlay, valueAt(overlay->values, at, imageSize()));
      const QColor color = picture_.color.isNull() ? QColor(128, 128, 128) : picture_.color.pixelColor(at);
      if (text.isEmpty() && !picture_.depth_m.empty()) {
        text = QLocale().toString(static_cast<double>(valueAt(picture_.depth_m, at, imageSize())), 'f', 2);
      } else if (text.isEmpty()) {
        text = QStringLiteral("%1\n%2\n%3").arg(color.red()).arg(color.green()).arg(color.blue());
      }
      const QRectF cell(widgetFromImage(at) - QPointF(scale_, scale_) / 2, QSizeF(scale_, scale_));
      painter.setPen(QColor(0, 0, 0, 200));
      painter.drawText(cell.translated(1, 1), Qt::AlignCenter, text);
      painter.setPen(Qt::white);
      painter.drawText(cell, Qt::AlignCenter, text);
    }
  }
}

void ImageCanvas::drawMarker(QPainter& painter, const ImageMarker& marker, bool is_selection) const {
  paintMarker(
      painter, widgetFromImage(marker.pixel), {marker.color, marker.text, marker.is_seen, is_selection}, width());
}

void ImageCanvas::drawMessage(QPainter& painter, const QString& text, bool is_problem) const {
  constexpr int kMargin = 12;
  const QRect room = rect().adjusted(kMargin * 2, kMargin * 2, -kMargin * 2, -kMargin * 2);
  QTextOption option(Qt::AlignLeft | Qt::AlignTop);
  option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);  // A path may be wider than the view.
  const QRect needed = painter.boundingRect(room, text, option).toAlignedRect();
  QRect box = needed.adjusted(-kMargin, -kMargin, kMargin, kMargin);
  box.moveCenter(picture_.color.isNull() ? rect().center()
                                         : QPoint(rect().center().x(), rect().bottom() - box.height() / 2 - kMargin));
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(is_problem ? QColor(122, 40, 32, 235) : QColor(20, 22, 26, 200));
  painter.drawRoundedRect(box, 6, 6);
  painter.setPen(Qt::white);
  painter.drawText(box.adjusted(kMargin, kMargin, -kMargin, -kMargin), text, option);
}

void ImageCanvas::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (imageSize().isEmpty() || tools_.wheel(*event)) return;
  const double wanted = scale_ * std::pow(1.18, event->angleDelta().y() / 120.0);
  const double scale = std::clamp(wanted, kSmallestScale, kLargestScale);
  offset_ = event->position() - (event->position() - offset_) * (scale / scale_);
  scale_ = scale;
  fits_ = false;
  update();
}

void ImageCanvas::mousePressEvent(QMouseEvent* event) {
  if (!isOnDivider(event->position()) && tools_.press(*event)) return;
  pressed_ = last_mouse_ = event->position();
  drag_ = isOnDivider(event->position()) ? Drag::Divider : Drag::Pan;
}

void ImageCanvas::mouseMoveEvent(QMouseEvent* event) {
  if (tools_.move(*event)) return;
  const QPointF place = event->position();
  if (event->buttons() == Qt::NoButton) {
    setCursor(isOnDivider(place) ? Qt::SplitHCursor : tools_.cursor().value_or(Qt::ArrowCursor));
    Q_EMIT hovered(imageFromWidget(place));
    return;
  }
  if (drag_ == Drag::Divider) {
    divider_ = std::clamp((place.x() - imageRect().left()) / std::max(1.0, imageRect().width()), 0.0, 1.0);
  } else if ((place - pressed_).manhattanLength() > kClick_px || last_mouse_ != pressed_) {
    offset_ += place - last_mouse_;
    fits_ = false;
    last_mouse_ = place;
  }
  update();
}

void ImageCanvas::mouseReleaseEvent(QMouseEvent* event) {
  tools_.release(*event);
  drag_ = Drag::None;
}

void ImageCanvas::mouseDoubleClickEvent(QMouseEvent*) { fit(); }

void ImageCanvas::keyPressEvent(QKeyEvent* event) {
  if (!tools_.key(*event)) QWidget::keyPressEvent(event);
}

void ImageCanvas::leaveEvent(QEvent* event) {
  tools_.leave();
  Q_EMIT left();
  QWidget::leaveEvent(event);
}

void ImageCanvas::resizeEvent(QResizeEvent*) {
  if (fits_) fit();
}

}  // namespace tagscape
