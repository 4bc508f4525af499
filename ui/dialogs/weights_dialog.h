#pragma once

#include "core/weights/weight_fetch.h"
#include "ui/jobs/job_runner.h"

#include <QDialog>

#include <functional>
#include <vector>

class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;

namespace tagscape {

/// Lists the published weights of image networks and whether they are installed, with a button for each to download
/// them or cancel. Nothing is downloaded before it is pressed. Closing the dialog cancels.
class WeightsDialog : public QDialog {
  Q_OBJECT

 public:
  /// Downloads the weights; fetchWeights except in tests.
  using Fetch = std::function<Result<FetchedWeights>(const PretrainedWeights&, const Job&)>;
  explicit WeightsDialog(Fetch fetch, QWidget* parent = nullptr);
  explicit WeightsDialog(QWidget* parent = nullptr);

 Q_SIGNALS:
  void fetched(const QString& network);

 private:
  struct Row {
    PretrainedWeights weights;
    QLabel* state;
    QPushButton* button;
  };

  void addRow(const StoredWeights& stored, QGridLayout& grid);
  void press(std::size_t row);
  void showResult(std::size_t row, const Result<FetchedWeights>& result);
  void showStates();
  /// Adapts the height to the content: a wrapping label does not resize its window.
  void fitHeight();

  Fetch fetch_;
  std::vector<Row> rows_;
  QProgressBar* progress_;
  QLabel* result_;
  JobRunner runner_;  // Last: its job must end before the widgets go.
};

}  // namespace tagscape
