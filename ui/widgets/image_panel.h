#pragma once

#include "ui/models/document.h"
#include "ui/widgets/frame_workspace.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSlider;

namespace tagscape {

class ImageCanvas;

/// The image view with its controls: which overlay, how opaque, the CAM threshold, and the legend of the occlusion
/// mask.
class ImagePanel : public QWidget {
  Q_OBJECT

 public:
  explicit ImagePanel(Document& document, QWidget* parent = nullptr);
  void setPicture(const FramePicture& picture);
  [[nodiscard]] ImageCanvas& canvas() { return *canvas_; }

 private:
  void connectControls();
  void followDocument();
  void showLegend(const FramePicture& picture);

  Document& document_;
  ImageCanvas* canvas_;
  QComboBox* overlay_;
  QComboBox* depth_;
  QSlider* opacity_;
  QSlider* threshold_;
  QLabel* threshold_label_;
  QLabel* legend_;
};

}  // namespace tagscape
