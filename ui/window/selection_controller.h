#pragma once

#include "ui/models/document.h"

#include <QObject>
#include <QPointF>

class QRubberBand;
class QWidget;

namespace tagscape {

class FrameController;
class ImagePanel;
class MarkerLayer;
class SceneView;

/// Selects points in the image and in the 3D view and highlights them in both: Ctrl and a drag with the left button
/// takes what a rectangle shows (visible points only; with Shift too they are added), a click on a segment of the
/// segments layer takes the segment. In the image those are highlighted that the frame sees by the depth test.
class SelectionController : public QObject {
  Q_OBJECT

 public:
  /// All must outlive this.
  SelectionController(Document& document,
                      FrameController& frames,
                      SceneView& scene_view,
                      ImagePanel& image_panel,
                      MarkerLayer& markers,
                      QObject* parent = nullptr);

 Q_SIGNALS:
  /// What is selected, in words; empty if nothing is.
  void described(const QString& text);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  [[nodiscard]] bool press(QWidget& view, QEvent& event);
  void finishBand(bool adds);
  void selectInScene(const QRectF& area, bool adds);
  void selectInImage(const QRectF& area, bool adds);
  void selectSegmentAt(QPointF position);
  void take(std::vector<std::uint32_t> points, bool adds);
  void highlight();

  Document& document_;
  FrameController& frames_;
  SceneView& scene_view_;
  ImagePanel& image_panel_;
  MarkerLayer& markers_;
  QWidget* band_view_ = nullptr;  // Where a rectangle is being drawn.
  QRubberBand* band_ = nullptr;
  QPointF pressed_;
};

}  // namespace tagscape
