#pragma once

#include "ui/services/frame_workspace.h"
#include "ui/tools/tool_port.h"

#include <QColor>
#include <QWidget>

#include <optional>

namespace tagscape {

/// A marker of a place in the image.
struct ImageMarker {
  QPointF pixel;  ///< Of the colour image.
  QColor color;
  QString text;         ///< Shown beside it; may be empty.
  bool is_seen = true;  ///< By the frame; otherwise drawn with a broken outline.
};

/// Shows a frame with its overlays: one, or one on each side of a divider that can be dragged. The wheel zooms to the
/// cursor, a drag that no tool consumes pans, a double click fits the image to the window. Large enough pixels show
/// their values as text.
class ImageCanvas : public QWidget {
  Q_OBJECT

 public:
  explicit ImageCanvas(QWidget* parent = nullptr);

  void setPicture(const FramePicture& picture);
  void setOverlayOpacity(float opacity);
  void fit();
  void zoomTo(QPointF pixel, double scale);  ///< Centres the pixel; widget pixels per image pixel.
  [[nodiscard]] const FramePicture& picture() const { return picture_; }
  /// The centre of an image pixel in widget coordinates, and the inverse.
  [[nodiscard]] QPointF widgetFromImage(QPointF pixel) const;
  [[nodiscard]] QPointF imageFromWidget(QPointF place) const;
  [[nodiscard]] double scale() const { return scale_; }
  /// The position of the divider as a fraction of the image's width.
  [[nodiscard]] double divider() const { return divider_; }
  /// Whether a press at a position would grab the divider.
  [[nodiscard]] bool isOnDivider(QPointF place) const;
  [[nodiscard]] ToolPort& tools() { return tools_; }
  /// A description of a pixel: colour or depth, and the overlay's value. Empty outside the image.
  [[nodiscard]] QString valueText(QPointF pixel) const;

  /// Pixels of the colour image that show selected points, marked with a dot each.
  void setDots(QList<QPointF> pixels);
  [[nodiscard]] const QList<QPointF>& dots() const { return dots_; }
  void setHoverMarker(const std::optional<ImageMarker>& marker);
  void setSelectionMarker(const std::optional<ImageMarker>& marker);
  [[nodiscard]] const std::optional<ImageMarker>& hoverMarker() const { return hover_marker_; }
  [[nodiscard]] const std::optional<ImageMarker>& selectionMarker() const { return selection_marker_; }

  [[nodiscard]] QSize sizeHint() const override { return {480, 360}; }

 Q_SIGNALS:
  void hovered(QPointF pixel);  ///< Also outside the image.
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
  /// The overlay shown at a pixel; null if there is none.
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

/// A short text for an overlay's value: "0.43", "chair", "occluded"; empty for NaN.
[[nodiscard]] QString overlayValueText(FrameOverlay kind, float value);
/// The same; labels of the project have their names in the overlay.
[[nodiscard]] QString overlayValueText(const OverlayPicture& overlay, float value);

}  // namespace tagscape
