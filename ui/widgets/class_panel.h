#pragma once

#include "ui/models/class_model.h"

#include <QWidget>

class QTreeView;

namespace tagscape {

/// The classes with their tags; the chosen row is the document's class.
class ClassPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ClassPanel(Document& document, QWidget* parent = nullptr);

 private:
  void showChosen();
  void showColumns();

  Document& document_;
  ClassModel model_;
  QTreeView* table_;
};

}  // namespace tagscape
