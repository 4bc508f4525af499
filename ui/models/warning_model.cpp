#include "ui/models/warning_model.h"

namespace tagscape {

WarningModel::WarningModel(const Document& document, QObject* parent)
    : QAbstractListModel(parent), warnings_(document.warnings()) {
  const auto show = [this, &document] { showDocument(document); };
  connect(&document, &Document::sceneChanged, this, show);
  connect(&document, &Document::warningsChanged, this, show);
}

void WarningModel::showDocument(const Document& document) {
  beginResetModel();
  warnings_ = document.warnings();
  endResetModel();
}

int WarningModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(warnings_.size());
}

QVariant WarningModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const SceneWarning& warning = warnings_[static_cast<std::size_t>(index.row())];
  const QString message = QString::fromStdString(warning.message);
  if (role == Qt::DisplayRole) return message;
  if (role != Qt::ToolTipRole) return {};
  return warning.file.empty() ? message : QString::fromStdString(warning.file.string()) + "\n" + message;
}

}  // namespace tagscape
