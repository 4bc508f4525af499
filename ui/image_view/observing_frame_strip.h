#pragma once

#include "ui/models/document.h"

#include <QWidget>

class QSlider;

namespace tagscape {

/// Marks above the frame slider: the frames that see the point in focus, higher the more their 2D CAM differs from the
/// 3D CAM, and frames with missing data. A click selects the nearest marked frame.
class ObservingFrameStrip : public QWidget {
  Q_OBJECT

 public:
  /// @param slider  with whose handle the marks are aligned.
  ObservingFrameStrip(Document& document, QSlider& slider, QWidget* parent = nullptr);

  /// The position of a frame's mark.
  [[nodiscard]] int xOf(int frame_index) const;
  [[nodiscard]] QSize sizeHint() const override { return {100, 18}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  Document& document_;
  QSlider& slider_;
};

}  // namespace tagscape
