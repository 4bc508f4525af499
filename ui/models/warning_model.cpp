#include "ui/models/warning_model.h"

namespace tagscape {

WarningModel::WarningModel(const Document& document, QObject* parent)
    : QAbstractListModel(parent), scene_(document.scene()) {
  connect(&document, &Document::sceneChanged, this, [this, &document] {
    beginResetModel();
    scene_ = document.scene();
    endResetModel();
  });
}

int WarningModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !scene_ ? 0 : static_cast<int>(scene_->warnings.size());
}

QVariant WarningModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const SceneWarning& warning = scene_->warnings[static_cast<std::size_t>(index.row())];
  const QString message = QString::fromStdString(warning.message);
  if (role == Qt::DisplayRole) return message;
  if (role == Qt::ToolTipRole) return QString::fromStdString(warning.file.string()) + "\n" + message;
  return {};
}

}  // namespace tagscape
