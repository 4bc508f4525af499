#pragma once

#include <QDialog>

class QLineEdit;
class QListWidget;

namespace tagscape {

class Shortcuts;

/// Finds an action by a few letters of its name and triggers it: a line edit above a list with the best match selected.
class CommandPalette : public QDialog {
  Q_OBJECT

 public:
  explicit CommandPalette(Shortcuts& shortcuts, QWidget* parent = nullptr);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void search(const QString& query);
  void runChosen();

  Shortcuts& shortcuts_;
  QLineEdit* query_;
  QListWidget* list_;
};

}  // namespace tagscape
