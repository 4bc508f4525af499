#pragma once

#include "ui/panels/label_models.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QSpinBox;
class QTreeView;

namespace tagscape {

/// Labels of the open scene: which class is painted and how, how far the scene is, tags of its frames, and the history.
class LabelPanel : public QWidget {
  Q_OBJECT

 public:
  /// Both must outlive this.
  LabelPanel(Document& document, LabelEditor& editor, QWidget* parent = nullptr);

  /// For typing a class.
  void focusFilter();

 Q_SIGNALS:
  void newProjectAsked();
  void openProjectAsked();

 private:
  [[nodiscard]] QWidget* makeProjectRow();
  [[nodiscard]] QWidget* makeClasses();
  [[nodiscard]] QWidget* makeOptions();
  [[nodiscard]] QWidget* makeTags();
  [[nodiscard]] QWidget* makeHistory();
  void change(const std::function<void(LabelSettings&)>& change);
  void showProject();
  void showSettings();
  void showProgress();
  void showTags();

  Document& document_;
  LabelEditor& editor_;
  LabelClassModel* class_model_;
  EditListModel* edit_model_;
  QSortFilterProxyModel* filtered_;
  QLabel* project_;
  QWidget* controls_ = nullptr;
  QLineEdit* filter_;
  QTreeView* classes_;
  QComboBox* depth_;
  QCheckBox* only_unlabelled_;
  QSpinBox* brush_px_;
  QDoubleSpinBox* brush_m_;
  QLabel* instance_;
  QLabel* tagged_;
  QSpinBox* first_frame_;
  QSpinBox* last_frame_;
  QCheckBox* done_;
  QCheckBox* checked_;
  QLabel* progress_;
  QListView* history_;
};

}  // namespace tagscape
