#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace tagscape {

/// What is shown before anything is open: open a scene, or make the sample scene.
class StartPage : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);
  void setSampleBusy(bool is_busy);

 Q_SIGNALS:
  void openAsked();
  void openFileAsked();
  void sampleAsked();

 private:
  QPushButton* sample_;
  QLabel* busy_;
};

}  // namespace tagscape
