#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace tagscape {

/// Shown before a scene is open: opens a scene or a recent one, or generates the sample scenes.
class StartPage : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);
  /// While samples are generated, their button stops it and a line shows the progress.
  void setSampleProgress(int num_scenes_done, int num_scenes);
  void setSampleIdle();
  /// The recently opened scenes, the latest first; a click opens one.
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
