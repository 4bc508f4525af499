#pragma once

#include <QDialog>

class QAction;
class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QTreeWidget;

namespace tagscape {

class Shortcuts;

/// The list of all actions with their shortcuts; that of the selected action can be changed.
class ShortcutDialog : public QDialog {
  Q_OBJECT

 public:
  explicit ShortcutDialog(Shortcuts& shortcuts, QWidget* parent = nullptr);

 private:
  void fill();
  void showChosen();
  void bindChosen();
  [[nodiscard]] QAction* chosen() const;

  Shortcuts& shortcuts_;
  QLineEdit* filter_;
  QTreeWidget* list_;
  QKeySequenceEdit* keys_;
  QLabel* note_;
};

}  // namespace tagscape
