#pragma once

#include "app/studio/options.h"
#include "ui/window/main_window.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <vector>

namespace tagscape {

/// Runs the command line's requests in the real window without a user: selects layer, frame and class, waits for the
/// picture, measures, saves the screenshot, and exits with the documented code.
class Automation : public QObject {
  Q_OBJECT

 public:
  /// @param age_at_start_s  age of the process when `since_start` was started.
  Automation(MainWindow& window, const StudioOptions& options, const QElapsedTimer& since_start, double age_at_start_s);

 private:
  void dataSetFound();
  void sceneOpened();
  [[nodiscard]] bool runHasCams(const std::string& scene_name) const;
  void sceneShown();
  void proceed();
  void savePictures();
  void leaveWith(const Error& error);
  void orbitOn();
  void finishOrbit();
  void printTiming();
  void refuse(const QString& title, const QString& message);
  [[nodiscard]] double secondsSinceStart() const;

  MainWindow& window_;
  StudioOptions options_;
  QElapsedTimer since_start_;
  double age_at_start_s_ = 0;
  double window_shown_s_ = 0;
  double first_picture_s_ = 0;
  bool is_data_set_ = false;  // There is no scene to wait for.
  bool is_scene_shown_ = false;
  bool waits_for_cams_ = false;
  QTimer settle_;
  QElapsedTimer orbit_clock_;
  double last_frame_s_ = 0;
  std::vector<double> frame_times_s_;
  std::size_t fewest_points_ = 0;
};

}  // namespace tagscape
