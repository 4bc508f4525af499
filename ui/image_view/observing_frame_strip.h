#pragma once

#include "ui/models/document.h"

#include <QWidget>

class QSlider;

namespace tagscape {

/// Marks above the frame slider: the frames that see the point in question, higher the more 2D and 3D disagree, and
/// frames that lack something. A click goes to the nearest mark.
class ObservingFrameStrip : public QWidget {
  Q_OBJECT

 public:
  /// @param slider  whose handle the marks stand above.
  ObservingFrameStrip(Document& document, QSlider& slider, QWidget* parent = nullptr);

  /// Where the mark of a frame is.
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
