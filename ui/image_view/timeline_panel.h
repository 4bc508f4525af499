#pragma once

#include "ui/models/document.h"

#include <QWidget>

class QLabel;
class QSlider;
class QToolButton;

namespace tagscape {

/// Chooses the frame: a slider over all of them, steps, marks of the frames that see the point in question with steps
/// between them, and what is known of the current frame.
class TimelinePanel : public QWidget {
  Q_OBJECT

 public:
  explicit TimelinePanel(Document& document, QWidget* parent = nullptr);

 private:
  void makeObservingFrameButtons();
  void showFrame();
  void showScene();
  void showObservingFrames();

  Document& document_;
  QToolButton* previous_;
  QToolButton* next_;
  QToolButton* previous_observing_frame_;
  QToolButton* next_observing_frame_;
  QToolButton* disagreeing_;
  QSlider* slider_;
  QLabel* label_;
};

}  // namespace tagscape
