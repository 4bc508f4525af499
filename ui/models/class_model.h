#pragma once

#include "ui/models/document.h"

#include <QAbstractTableModel>

#include <array>

namespace tagscape {

/// The classes of the catalogue, one a row in its order, with what the open scene, its current frame and its prediction
/// say of each. Read only; follows the document, which must outlive it.
class ClassModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, SceneTag, FrameTag, PredictedShare, NumColumns };

  explicit ClassModel(const Document& document, QObject* parent = nullptr);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  [[nodiscard]] QString text(int row, int column) const;
  [[nodiscard]] bool isTagged(int row, int column) const;
  void countPredictions();
  void announce(Column first, Column last);

  const Document& document_;
  std::array<std::size_t, kNumClasses> num_predicted_{};
};

}  // namespace tagscape
