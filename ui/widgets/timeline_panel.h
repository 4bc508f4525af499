#pragma once

#include "ui/models/document.h"

#include <QWidget>

class QLabel;
class QSlider;
class QToolButton;

namespace tagscape {

/// Chooses the frame: a slider over all of them, steps, and what is known of the current one.
class TimelinePanel : public QWidget {
  Q_OBJECT

 public:
  explicit TimelinePanel(Document& document, QWidget* parent = nullptr);

 private:
  void showFrame();
  void showScene();

  Document& document_;
  QToolButton* previous_;
  QToolButton* next_;
  QSlider* slider_;
  QLabel* label_;
};

}  // namespace tagscape
