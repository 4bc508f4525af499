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

class InferenceController;

/// The classes with their tags, which can be toggled to preview other CAMs. If the prediction lacks an added class,
/// shows the progress of a new prediction, or what it needs. The selected row is the document's class. Below: which
/// classes are shown, their palette, and the range of the heat map.
class ClassPanel : public QWidget {
  Q_OBJECT

 public:
  /// @param inference  predicts added classes; must outlive the panel.
  ClassPanel(Document& document, InferenceController& inference, QWidget* parent = nullptr);

 Q_SIGNALS:
  void openRunAsked();

 private:
  void makeTable();
  void connectAll();
  [[nodiscard]] QLayout* visibilityRow();
  [[nodiscard]] QLayout* colorRow();
  [[nodiscard]] QLayout* rangeRow();
  void chooseColumns(const QPoint& place);
  void showChosen();
  void showColumns();
  void keepNamesReadable();
  void showDisplayStyle();
  void showTags();
  /// A message about classes that the prediction lacks, and the action offered.
  void showLacked(const TagSet& lacked);
  void act();

  Document& document_;
  InferenceController& inference_;
  int percent_ = -1;  ///< Of the running prediction; -1 if unknown.
  ClassModel model_;
  QTreeView* table_;
  QLabel* tags_note_;
  QToolButton* act_;  ///< The action that showLacked() offers.
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
