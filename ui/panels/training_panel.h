#pragma once

#include "ui/services/run_controller.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace tagscape {

class LossPlot;

/// The watched run: state, progress, loss curves and log, with buttons to start, pause and stop it, and to get
/// pretrained weights.
class TrainingPanel : public QWidget {
  Q_OBJECT

 public:
  explicit TrainingPanel(Document& document, RunController& runs, QWidget* parent = nullptr);

 Q_SIGNALS:
  void weightsAsked();

 private:
  void arrange();
  void connectRun();
  void showStatus();
  [[nodiscard]] QString stateText() const;
  [[nodiscard]] QString rateText() const;
  [[nodiscard]] QString reasonText() const;

  Document& document_;
  RunController& runs_;
  QLabel* state_;
  QLabel* rate_;
  QLabel* run_;
  QLabel* reason_;
  QProgressBar* progress_;
  QPushButton* toggle_;
  QPushButton* stop_;
  QPushButton* weights_;
  LossPlot* plot_;
  QPlainTextEdit* log_;
};

}  // namespace tagscape
