#pragma once

#include "ui/models/document.h"
#include "ui/services/frame_workspace.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QSlider;
class QToolButton;

namespace tagscape {

class ImageCanvas;

/// The image view with its controls: colour or depth, one overlay or two with a divider, opacity, the CAM threshold,
/// the values at the pixel under the cursor, and the legend of the occlusion overlay.
class ImagePanel : public QWidget {
  Q_OBJECT

 public:
  explicit ImagePanel(Document& document, QWidget* parent = nullptr);
  void setPicture(const FramePicture& picture);
  [[nodiscard]] ImageCanvas& canvas() { return *canvas_; }
  /// Controls that use the arrow keys themselves.
  [[nodiscard]] QList<QWidget*> arrowKeyControls() const;
  /// A description of the scan at the cursor, shown beside the value of the pixel.
  void setPlaceText(const QString& text);

 private:
  [[nodiscard]] QHBoxLayout* layerRow();
  [[nodiscard]] QHBoxLayout* adjustmentRow();
  void connectControls();
  void followDocument();
  void showControls();
  void showLegend(const FramePicture& picture);

  Document& document_;
  ImageCanvas* canvas_;
  QComboBox* base_;
  QComboBox* overlay_;
  QToolButton* swipe_;
  QComboBox* compared_;
  QComboBox* depth_;
  QSlider* opacity_;
  QSlider* threshold_;
  QLabel* threshold_label_;
  QLabel* value_;
  QLabel* place_;
  QLabel* legend_;
};

}  // namespace tagscape
