#pragma once

#include "ui/models/class_model.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLayout;
class QToolButton;
class QTreeView;

namespace tagscape {

/// The classes with their tags, which can be changed to see what the CAMs would be; the chosen row is the document's
/// class. Below them: which classes are shown, in which colours, and which values the heat map spans.
class ClassPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ClassPanel(Document& document, QWidget* parent = nullptr);

 private:
  void makeTable();
  [[nodiscard]] QLayout* visibilityRow();
  [[nodiscard]] QLayout* colorRow();
  [[nodiscard]] QLayout* rangeRow();
  void chooseColumns(const QPoint& place);
  void showChosen();
  void showColumns();
  void keepNamesReadable();
  void showLook();
  void showTags();
  /// Whether classes were added to the scene's own tags.
  [[nodiscard]] bool scopeGrew() const;

  Document& document_;
  ClassModel model_;
  QTreeView* table_;
  QLabel* tags_note_;
  QToolButton* reset_tags_;
  QToolButton* solo_;
  QToolButton* show_all_;
  QComboBox* palette_;
  QComboBox* heat_map_;
  QToolButton* lock_;
  QDoubleSpinBox* low_;
  QDoubleSpinBox* high_;
};

}  // namespace tagscape
