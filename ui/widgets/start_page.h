#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace tagscape {

/// What is shown before anything is open: open a scene, or make the sample scenes.
class StartPage : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);
  /// While samples are made, their button stops it, and a line says how far it is.
  void setSampleProgress(int num_scenes_done, int num_scenes);
  void setSampleIdle();

 Q_SIGNALS:
  void openAsked();
  void openFileAsked();
  void sampleAsked();
  void sampleStopAsked();

 private:
  QPushButton* sample_;
  QLabel* busy_;
  bool is_busy_ = false;
};

}  // namespace tagscape
