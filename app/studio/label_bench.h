#pragma once

#include "ui/window/main_window.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTemporaryDir>
#include <QTimer>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

/// Measures how long strokes of the brush and undoing take in the window: how long the window is busy, until the 3D
/// view shows them, and until the image does. Strokes are presses of the mouse in the 3D view. Prints one JSON line.
class LabelBench : public QObject {
  Q_OBJECT

 public:
  LabelBench(MainWindow& window, QObject* parent);
  /// Begins a project in a temporary folder, which takes until the scene is ready for labelling.
  void start();

 Q_SIGNALS:
  void finished();

 private:
  void proceed();
  void act();
  void shown(const char* where);
  void print() const;

  MainWindow& window_;
  QTemporaryDir folder_;
  QTimer settle_;
  QElapsedTimer clock_;
  int done_ = 0;
  bool is_begun_ = false;
  std::map<std::string, bool> waits_for_;  ///< "view" and "image".
  std::map<std::string, std::vector<double>> times_s_;
  std::size_t num_points_ = 0;
};

}  // namespace tagscape
