#pragma once

#include "core/exchange/importer.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"

#include <QDialog>

#include <memory>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace tagscape {

/// Reads labels of the open scene that another program wrote, as the scene's prediction: asks for the file or folder,
/// shows how each id is understood (by its name, or as chosen before for this name) and what stays without a class,
/// lets each be chosen, and remembers that.
class ImportDialog : public QDialog {
  Q_OBJECT

 public:
  explicit ImportDialog(Document& document, QWidget* parent = nullptr);

  /// Reads the file or folder; the table follows when it is read.
  void read(const QString& place);

 Q_SIGNALS:
  void imported(const QString& summary);

 private:
  void askForPlace(bool folder);
  void showIds(const Result<ImportedLayer>& preview);
  void addIdRow(const IdReading& reading);
  void showSummary(const ImportedLayer& preview);
  [[nodiscard]] ImportOptions chosen() const;
  void import();
  void finish(const Result<ImportedLayer>& result);
  void fail(const QString& message);

  Document& document_;
  std::shared_ptr<const ForeignSource> source_;
  QLineEdit* place_;
  QComboBox* format_;
  QTableWidget* ids_;
  QLabel* summary_;
  QPushButton* import_;
  JobRunner runner_;  // Last: its job must end before the widgets go.
};

}  // namespace tagscape
