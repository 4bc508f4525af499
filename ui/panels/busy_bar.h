#pragma once

#include "ui/jobs/job_runner.h"

#include <QElapsedTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace tagscape {

/// The stage, progress and remaining time of a job, with a button to stop it. Hidden while nothing runs.
class BusyBar : public QWidget {
  Q_OBJECT

 public:
  explicit BusyBar(JobRunner& runner, const QString& what, QWidget* parent = nullptr);

 private:
  void showProgress(const Progress& progress);

  QLabel* label_;
  QProgressBar* bar_;
  QPushButton* cancel_;
  QElapsedTimer stage_clock_;
  std::string stage_;
};

}  // namespace tagscape
