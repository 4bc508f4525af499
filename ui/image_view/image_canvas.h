#pragma once

#include "ui/services/frame_workspace.h"
#include "ui/tools/tool_port.h"

#include <QColor>
#include <QWidget>

#include <optional>

namespace tagscape {

/// A place of the scan as the image shows it.
struct ImageMarker {
  QPointF pixel;  ///< Of the colour image.
  QColor color;
  QString text;         ///< Beside it; may be empty.
  bool is_seen = true;  ///< Otherwise it is drawn broken: the frame does not see the place.
};

/// Shows a frame's picture with its overlays: superposed, or one on each side of a divider that can be dragged. Wheel
/// zooms to the cursor, a drag that no tool takes pans, a double click fits the window. Pixels that are large enough
/// show their values.
class ImageCanvas : public QWidget {
  Q_OBJECT

 public:
  explicit ImageCanvas(QWidget* parent = nullptr);

  void setPicture(const FramePicture& picture);
  void setOverlayOpacity(float opacity);
  void fit();
  void zoomTo(QPointF pixel, double scale);  ///< Widget pixels per image pixel, the pixel in the middle.
  [[nodiscard]] const FramePicture& picture() const { return picture_; }
  /// Where an image pixel's centre is drawn, in widget coordinates; and back.
  [[nodiscard]] QPointF widgetFromImage(QPointF pixel) const;
  [[nodiscard]] QPointF imageFromWidget(QPointF place) const;
  [[nodiscard]] double scale() const { return scale_; }
  /// Where the divider is, as a share of the image's width.
  [[nodiscard]] double divider() const { return divider_; }
  /// Whether a press at a place of the widget would take hold of the divider.
  [[nodiscard]] bool isOnDivider(QPointF place) const;
  [[nodiscard]] ToolPort& tools() { return tools_; }
  /// What a pixel of the image shows, in words: colour or depth, and the overlay's value. Empty beside the image.
  [[nodiscard]] QString valueText(QPointF pixel) const;

  /// Pixels (of the colour image) where selected points are seen; a dot each.
  void setDots(QList<QPointF> pixels);
  [[nodiscard]] const QList<QPointF>& dots() const { return dots_; }
  void setHoverMarker(const std::optional<ImageMarker>& marker);
  void setSelectionMarker(const std::optional<ImageMarker>& marker);
  [[nodiscard]] const std::optional<ImageMarker>& hoverMarker() const { return hover_marker_; }
  [[nodiscard]] const std::optional<ImageMarker>& selectionMarker() const { return selection_marker_; }

  [[nodiscard]] QSize sizeHint() const override { return {480, 360}; }

 Q_SIGNALS:
  void hovered(QPointF pixel);  ///< Beside the image too.
  void left();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  enum class Drag { None, Pan, Divider };

  [[nodiscard]] QSize imageSize() const;
  [[nodiscard]] QRectF imageRect() const;
  [[nodiscard]] double dividerX() const;
  /// The overlay that is shown at a pixel; null where there is none.
  [[nodiscard]] const OverlayPicture* overlayAt(QPointF pixel) const;
  void drawOverlays(QPainter& painter) const;
  void drawDots(QPainter& painter) const;
  void drawValues(QPainter& painter) const;
  void drawMarker(QPainter& painter, const ImageMarker& marker, bool is_selection) const;
  void drawMessage(QPainter& painter, const QString& text, bool is_problem) const;

  ToolPort tools_;
  FramePicture picture_;
  float opacity_ = 0.65F;
  bool fits_ = true;
  double scale_ = 1;  // Widget pixels per image pixel.
  QPointF offset_;    // Of the image's top left corner, widget pixels.
  QPointF last_mouse_;
  QPointF pressed_;
  Drag drag_ = Drag::None;
  double divider_ = .5;
  QList<QPointF> dots_;
  std::optional<ImageMarker> hover_marker_;
  std::optional<ImageMarker> selection_marker_;
};

/// The short name of an overlay's value at a pixel: "0.43", "chair", "occluded"; empty for NaN.
[[nodiscard]] QString overlayValueText(FrameOverlay kind, float value);

}  // namespace tagscape
