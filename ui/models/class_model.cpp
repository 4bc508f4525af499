#include "ui/models/class_model.h"

#include "core/metrics/confusion.h"

#include <QColor>
#include <QFont>
#include <QLocale>

namespace tagscape {
ClassModel::ClassModel(Document& document, QObject* parent) : QAbstractTableModel(parent), document_(document) {
  connect(&document, &Document::sceneChanged, this, [this] { announce(Name, Shown); });
  connect(&document, &Document::frameChanged, this, [this] { announce(FrameTag, FrameTag); });
  connect(&document, &Document::tagsChanged, this, [this] { announce(Name, FrameTag); });
  connect(&document.displayStyle(), &DisplayStyle::changed, this, [this] { announce(Name, Shown); });
  connect(&document, &Document::camsChanged, this, [this] {
    countPredictions();
    announce(PredictedFraction, Iou);
  });
  countPredictions();
}

int ClassModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kNumClasses; }

int ClassModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : NumColumns; }

bool ClassModel::isTagged(int row, int column) const {
  const TagSet tags = column == FrameTag ? document_.frameTags(document_.frameIndex()) : document_.sceneTags();
  return tags.test(static_cast<std::size_t>(row));
}

QString ClassModel::countText(int row, int column) const {
  const std::size_t count = num_predicted_[static_cast<std::size_t>(row)];
  if (column == Iou) {
    const auto iou = iou_[static_cast<std::size_t>(row)];
    return iou ? QLocale().toString(100 * *iou, 'f', 1) : QString();
  }
  if (!document_.cams() || count == 0) return {};
  if (column == NumPoints) return QLocale().toString(static_cast<qulonglong>(count));
  const double percent = 100.0 * static_cast<double>(count) / static_cast<double>(document_.cams()->numPoints());
  return percent < 0.1 ? tr("< 0.1 %") : tr("%1 %").arg(QLocale().toString(percent, 'f', 1));
}

QString ClassModel::text(int row, int column) const {
  const ClassInfo& info = classCatalog()[static_cast<std::size_t>(row)];
  if (column == Name) return QString::fromUtf8(info.name.data(), static_cast<qsizetype>(info.name.size()));
  if (column == PredictedFraction || column == NumPoints || column == Iou) return countText(row, column);
  return {};
}

QVariant ClassModel::checkState(int row, int column) const {
  if (column == Shown)
    return document_.displayStyle().isShown(static_cast<std::size_t>(row)) ? Qt::Checked : Qt::Unchecked;
  const bool has_tags = column == SceneTag ? document_.scene() != nullptr : column == FrameTag && document_.frame();
  if (!has_tags) return {};
  return isTagged(row, column) ? Qt::Checked : Qt::Unchecked;
}

QVariant ClassModel::toolTip(int row, int column) const {
  const bool lacks = document_.frame() && isTagged(row, FrameTag) && !isTagged(row, SceneTag);
  if (lacks && (column == SceneTag || column == FrameTag)) {
    return tr(
        "The frame is tagged with this class but its scene is not; a frame can only show what its scene contains");
  }
  if (column == SceneTag || column == FrameTag) return tr("Change it to preview the CAMs");
  if (column == PredictedFraction && num_predicted_[static_cast<std::size_t>(row)] > 0) {
    return tr("%1 points").arg(countText(row, NumPoints));
  }
  if (column == Name && row < 9) return tr("Key %1 chooses this class").arg(row + 1);
  return {};
}

QVariant ClassModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const int row = index.row(), column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      return text(row, column);
    case Qt::CheckStateRole:
      return checkState(row, column);
    case Qt::DecorationRole:
      return column == Name ? QVariant(document_.displayStyle().classColor(row)) : QVariant();
    case Qt::TextAlignmentRole:
      return column == Name ? QVariant() : QVariant(int(Qt::AlignRight | Qt::AlignVCenter));
    case Qt::FontRole: {
      QFont font;
      font.setBold(column == Name && isTagged(row, SceneTag));
      return font;
    }
    case Qt::ForegroundRole: {
      const bool lacks = document_.frame() && isTagged(row, FrameTag) && !isTagged(row, SceneTag);
      return column == Name && lacks ? QVariant(QColor(213, 94, 0)) : QVariant();
    }
    case Qt::ToolTipRole:
      return toolTip(row, column);
    case Qt::AccessibleTextRole:
      if (column == SceneTag) return isTagged(row, column) ? tr("in the scene") : tr("not in the scene");
      if (column == FrameTag) return isTagged(row, column) ? tr("in the frame") : tr("not in the frame");
      if (column == Shown)
        return document_.displayStyle().isShown(static_cast<std::size_t>(row)) ? tr("shown") : tr("hidden");
      return text(row, column);
    default:
      return {};
  }
}

Qt::ItemFlags ClassModel::flags(const QModelIndex& index) const {
  const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  return checkState(index.row(), index.column()).isNull() ? flags : flags | Qt::ItemIsUserCheckable;
}

bool ClassModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::CheckStateRole) return false;
  const bool wants = value.toInt() == Qt::Checked;
  if (checkState(index.row(), index.column()).isNull()) return false;
  if (index.column() == Shown) {
    document_.displayStyle().setShown(index.row(), wants);
  } else if (wants != isTagged(index.row(), index.column())) {
    index.column() == SceneTag ? document_.toggleSceneTag(index.row()) : document_.toggleFrameTag(index.row());
  }
  return true;
}

QVariant ClassModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= NumColumns) return {};
  static const std::array<const char*, NumColumns> kTitles{QT_TR_NOOP("Class"),
                                                           QT_TR_NOOP("Scene"),
                                                           QT_TR_NOOP("Frame"),
                                                           QT_TR_NOOP("Share"),
                                                           QT_TR_NOOP("Points"),
                                                           QT_TR_NOOP("IoU"),
                                                           QT_TR_NOOP("Shown")};
  static const std::array<const char*, NumColumns> kHints{
      QT_TR_NOOP("Class of the ScanNet benchmark"),
      QT_TR_NOOP("Whether the scene is tagged with the class; change it to preview the CAMs"),
      QT_TR_NOOP("Whether the current frame is tagged with the class; change it to preview its CAMs"),
      QT_TR_NOOP("Share of points predicted as this class"),
      QT_TR_NOOP("Points predicted as this class"),
      QT_TR_NOOP("Intersection over union of predicted and annotated points of this scene, in percent"),
      QT_TR_NOOP("Whether points and pixels of this class are coloured")};
  if (role == Qt::DisplayRole) return tr(kTitles[static_cast<std::size_t>(section)]);
  if (role == Qt::ToolTipRole) return tr(kHints[static_cast<std::size_t>(section)]);
  return {};
}

void ClassModel::countPredictions() {
  num_predicted_.fill(0);
  iou_.fill(std::nullopt);
  if (!document_.cams()) return;
  const auto& labels = document_.cams()->point_labels;
  for (const std::uint8_t label : labels) {
    if (label < kNumClasses) ++num_predicted_[label];
  }
  const auto& truth = document_.scene()->point_labels;
  if (truth.size() != labels.size()) return;
  Confusion confusion;
  confusion.add(truth, labels);
  for (int row = 0; row < kNumClasses; ++row) iou_[static_cast<std::size_t>(row)] = confusion.iou(row);
}

void ClassModel::announce(Column first, Column last) {
  Q_EMIT dataChanged(index(0, first), index(kNumClasses - 1, last));
}

}  // namespace tagscape
