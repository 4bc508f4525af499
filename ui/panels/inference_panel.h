#pragma once

#include "ui/services/inference_controller.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QProgressBar;
class QPushButton;

namespace tagscape {

/// Prediction: the run with the networks, the whole scene or automatically each selected frame, and progress.
class InferencePanel : public QWidget {
  Q_OBJECT

 public:
  InferencePanel(Document& document, InferenceController& inference, QWidget* parent = nullptr);

 Q_SIGNALS:
  void openRunAsked();

 private:
  void show();
  void showProgress(const QString& stage, qint64 done, qint64 total);

  Document& document_;
  InferenceController& inference_;
  QLabel* run_;
  QPushButton* open_;
  QPushButton* predict_scene_;
  QPushButton* predict_frame_;
  QCheckBox* follow_;
  QProgressBar* bar_;
  QPushButton* cancel_;
  QLabel* message_;
};

}  // namespace tagscape
