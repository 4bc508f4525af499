#pragma once

#include "ui/models/document.h"

#include <QWidget>

class QLabel;
class QSlider;
class QToolButton;

namespace tagscape {

/// Selects the frame: a slider, buttons to step, marks of the frames that see the point in focus with buttons to step
/// between them, and information about the current frame.
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
