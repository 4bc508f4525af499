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

/// Says which published weights of image networks are at hand, and downloads those that the user asks for: one button
/// for each, which is also the one that cancels. Nothing is downloaded before it is pressed. Closing the dialog
/// cancels.
class WeightsDialog : public QDialog {
  Q_OBJECT

 public:
  /// What gets the weights; fetchWeights but for tests.
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
  /// Grows with what is shown: a label that wraps does not make its window higher by itself.
  void fitHeight();

  Fetch fetch_;
  std::vector<Row> rows_;
  QProgressBar* progress_;
  QLabel* result_;
  JobRunner runner_;  // Last: its job must end before the widgets go.
};

}  // namespace tagscape
