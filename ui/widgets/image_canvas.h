#pragma once

#include "ui/widgets/frame_workspace.h"

#include <QWidget>

namespace tagscape {

/// Shows a frame's picture with its overlay. Wheel zooms to the cursor, a drag pans, a double click fits the window.
class ImageCanvas : public QWidget {
  Q_OBJECT

 public:
  explicit ImageCanvas(QWidget* parent = nullptr);

  void setPicture(const FramePicture& picture);
  void setOverlayOpacity(float opacity);
  void fit();
  [[nodiscard]] const FramePicture& picture() const { return picture_; }
  /// Where an image pixel's centre is drawn, in widget coordinates.
  [[nodiscard]] QPointF widgetFromImage(QPointF pixel) const;

  [[nodiscard]] QSize sizeHint() const override { return {480, 360}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  [[nodiscard]] QSize imageSize() const;
  [[nodiscard]] QRectF imageRect() const;
  void drawMessage(QPainter& painter, const QString& text, bool is_problem) const;

  FramePicture picture_;
  float opacity_ = 0.65F;
  bool fits_ = true;
  double scale_ = 1;  // Widget pixels per image pixel.
  QPointF offset_;    // Of the image's top left corner, widget pixels.
  QPointF last_mouse_;
};

}  // namespace tagscape
