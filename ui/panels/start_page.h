#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace tagscape {

/// What is shown before anything is open: open a scene, one of the last ones, or make the sample scenes.
class StartPage : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);
  /// While samples are made, their button stops it, and a line says how far it is.
  void setSampleProgress(int num_scenes_done, int num_scenes);
  void setSampleIdle();
  /// What was opened last, the latest first; a click opens it again.
  void setRecent(const QStringList& paths);

 Q_SIGNALS:
  void openAsked();
  void openFileAsked();
  void recentAsked(const QString& path);
  void sampleAsked();
  void sampleStopAsked();

 private:
  QPushButton* sample_ = nullptr;
  QLabel* busy_;
  QVBoxLayout* recent_;
  bool is_busy_ = false;
};

}  // namespace tagscape
