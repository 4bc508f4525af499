#pragma once

#include "core/run/run_directory.h"

#include <QWidget>

#include <map>
#include <string>
#include <vector>

class QCustomPlot;
class QCPGraph;
class QLabel;

namespace tagscape {

/// Curves of all losses over the steps. Dragging pans, the wheel zooms, a double click follows the run again.
class LossPlot : public QWidget {
  Q_OBJECT

 public:
  explicit LossPlot(QWidget* parent = nullptr);
  void clear();
  void append(const std::vector<MetricsRow>& rows);
  [[nodiscard]] int numCurves() const { return static_cast<int>(curves_.size()); }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  [[nodiscard]] QCPGraph* curve(const std::string& name);
  void applyPalette();
  void rescale();

  QCustomPlot* plot_;
  QLabel* empty_;
  std::map<std::string, QCPGraph*> curves_;
  bool follows_ = true;
};

}  // namespace tagscape
