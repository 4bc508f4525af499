#pragma once

#include "core/exchange/export_plan.h"
#include "ui/dialogs/export_dialog.h"

#include <QDialog>

#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QTimer;

namespace tagscape {

/// Asks what is exported: the layer, the formats, what becomes of labels, the folder; and says how many files that will
/// be, where, and which of them replace others. Remembers the choices.
class ExportWindow : public QDialog {
  Q_OBJECT

 public:
  ExportWindow(LabelExporter& exporter, QWidget* parent);

  [[nodiscard]] QString folder() const;
  [[nodiscard]] ExportLayer layer() const;
  [[nodiscard]] ExportOptions options() const;

 private:
  void makeLayers();
  void makeFormats();
  void makeOptions();
  void connectChanges();
  void restore();
  void remember() const;
  /// Counts the files of the present choice in the background.
  void plan();
  void showPlan(const Result<std::vector<PlannedFormat>>& plan);

  LabelExporter& exporter_;
  QComboBox* layer_;
  QListWidget* formats_;
  QDoubleSpinBox* confidence_;
  QComboBox *unlabelled_, *instances_, *frames_;
  QLineEdit* folder_;
  QLabel* plan_;
  QPushButton* write_;
  QTimer* delay_;
  JobRunner planner_;  // Last: its job must end before the widgets go.
};

}  // namespace tagscape
