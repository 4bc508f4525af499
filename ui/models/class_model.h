#pragma once

#include "ui/models/document.h"

#include <QAbstractTableModel>

#include <array>
#include <optional>

namespace tagscape {

/// The classes of the catalogue in its order, one per row, with their tags in the open scene and its current frame, the
/// number of points and the prediction. Tags can be toggled to preview the CAMs with other tags, and classes can be
/// hidden; both change the document, which must outlive the model.
class ClassModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, SceneTag, FrameTag, PredictedFraction, NumPoints, Iou, Shown, NumColumns };

  explicit ClassModel(Document& document, QObject* parent = nullptr);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  [[nodiscard]] QString text(int row, int column) const;
  [[nodiscard]] QString countText(int row, int column) const;
  [[nodiscard]] bool isTagged(int row, int column) const;
  [[nodiscard]] QVariant toolTip(int row, int column) const;
  [[nodiscard]] QVariant checkState(int row, int column) const;
  void countPredictions();
  void announce(Column first, Column last);

  Document& document_;
  std::array<std::size_t, kNumClasses> num_predicted_{};
  std::array<std::optional<double>, kNumClasses> iou_{};  ///< If the points have annotated labels.
};

}  // namespace tagscape
