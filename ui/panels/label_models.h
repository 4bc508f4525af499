#pragma once

#include "ui/services/label_editor.h"

#include <QAbstractListModel>
#include <QAbstractTableModel>

#include <vector>

namespace tagscape {

/// The classes of the open project, one a row: colour, key, and how many points of the open scene have them. Classes
/// can be protected from being painted over. Follows the editor, which must outlive it.
class LabelClassModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Key, NumPoints, Share, Protected, NumColumns };

  explicit LabelClassModel(LabelEditor& editor, QObject* parent = nullptr);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void announce();

  LabelEditor& editor_;
  std::vector<LabelClass> classes_;  // Kept here, so that rows change only together with a reset.
};

/// The history of the open project, the latest edit first. Follows the editor, which must outlive it.
class EditListModel : public QAbstractListModel {
  Q_OBJECT

 public:
  static constexpr int kEditRole = Qt::UserRole;  ///< EditId.

  explicit EditListModel(LabelEditor& editor, QObject* parent = nullptr);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
  LabelEditor& editor_;
  std::vector<EditRecord> edits_;
};

}  // namespace tagscape
