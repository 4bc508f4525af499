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

/// The classes with their tags, which can be changed to see what the CAMs would be: where these lack an added class, it
/// tells how far a prediction with it is, or what it needs. The chosen row is the document's class. Below them: which
/// classes are shown, in which colours, and which values the heat map spans.
class ClassPanel : public QWidget {
  Q_OBJECT

 public:
  /// @param inference  predicts what added tags need; it must outlive this.
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
  /// What is there to be said of classes that the prediction lacks, and to be done.
  void showLacked(const TagSet& lacked);
  void act();

  Document& document_;
  InferenceController& inference_;
  int percent_ = -1;  ///< Of the prediction that is made; -1 while it is not known.
  ClassModel model_;
  QTreeView* table_;
  QLabel* tags_note_;
  QToolButton* act_;  ///< What showLacked() offers.
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
