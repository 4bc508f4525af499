#pragma once

#include "ui/models/document.h"

#include <QAbstractListModel>

namespace tagscape {

/// The warnings about the open scene, one per row. Read-only; follows the document, which must outlive it.
class WarningModel : public QAbstractListModel {
  Q_OBJECT

 public:
  explicit WarningModel(const Document& document, QObject* parent = nullptr);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
  void showDocument(const Document& document);

  std::vector<SceneWarning> warnings_;  // Kept here, so that rows change only together with a reset.
};

}  // namespace tagscape
