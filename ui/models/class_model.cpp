#include "ui/models/class_model.h"

#include <QColor>
#include <QFont>

namespace tagscape {
namespace {

QColor colorOf(int class_index) {
  const auto& rgb = classCatalog()[static_cast<std::size_t>(class_index)].rgb;
  return {rgb[0], rgb[1], rgb[2]};
}

}  // namespace

ClassModel::ClassModel(const Document& document, QObject* parent) : QAbstractTableModel(parent), document_(document) {
  connect(&document, &Document::sceneChanged, this, [this] { announce(Name, PredictedShare); });
  connect(&document, &Document::frameChanged, this, [this] { announce(FrameTag, FrameTag); });
  connect(&document, &Document::camsChanged, this, [this] {
    countPredictions();
    announce(PredictedShare, PredictedShare);
  });
  countPredictions();
}

int ClassModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kNumClasses; }

int ClassModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : NumColumns; }

bool ClassModel::isTagged(int row, int column) const {
  if (!document_.scene()) return false;
  const Frame* frame = document_.frame();
  const std::optional<TagSet>& tags = column == FrameTag && frame ? frame->tags : document_.scene()->tags;
  return (column == SceneTag || frame) && tags && tags->test(static_cast<std::size_t>(row));
}

QString ClassModel::text(int row, int column) const {
  const ClassInfo& info = classCatalog()[static_cast<std::size_t>(row)];
  if (column == Name) return QString::fromUtf8(info.name.data(), static_cast<qsizetype>(info.name.size()));
  if (column == SceneTag || column == FrameTag) return isTagged(row, column) ? QStringLiteral("✓") : QString();
  const std::size_t count = num_predicted_[static_cast<std::size_t>(row)];
  if (!document_.cams() || count == 0) return {};
  const double percent = 100.0 * static_cast<double>(count) / static_cast<double>(document_.cams()->numPoints());
  return percent < 0.1 ? tr("< 0.1 %") : tr("%1 %").arg(percent, 0, 'f', 1);
}

QVariant ClassModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const int row = index.row(), column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      return text(row, column);
    case Qt::DecorationRole:
      return column == Name ? QVariant(colorOf(row)) : QVariant();
    case Qt::TextAlignmentRole:
      return column == Name
                 ? QVariant()
                 : QVariant(int(column == PredictedShare ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignCenter));
    case Qt::FontRole: {
      QFont font;
      font.setBold(column == Name && isTagged(row, SceneTag));
      return font;
    }
    case Qt::ToolTipRole:
      if (column != Name) return {};
      return row < 9 ? tr("Key %1 chooses this class").arg(row + 1) : QVariant();
    case Qt::AccessibleTextRole:
      if (column == SceneTag) return isTagged(row, column) ? tr("in the scene") : tr("not in the scene");
      if (column == FrameTag) return isTagged(row, column) ? tr("in the frame") : tr("not in the frame");
      return text(row, column);
    default:
      return {};
  }
}

QVariant ClassModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= NumColumns) return {};
  static const std::array<const char*, NumColumns> kTitles{
      QT_TR_NOOP("Class"), QT_TR_NOOP("Scene"), QT_TR_NOOP("Frame"), QT_TR_NOOP("Share")};
  static const std::array<const char*, NumColumns> kHints{QT_TR_NOOP("Class of the ScanNet benchmark"),
                                                          QT_TR_NOOP("Whether the scene is tagged with the class"),
                                                          QT_TR_NOOP("Whether the current frame is tagged with it"),
                                                          QT_TR_NOOP("Points predicted as this class")};
  if (role == Qt::DisplayRole) return tr(kTitles[static_cast<std::size_t>(section)]);
  if (role == Qt::ToolTipRole) return tr(kHints[static_cast<std::size_t>(section)]);
  return {};
}

void ClassModel::countPredictions() {
  num_predicted_.fill(0);
  if (!document_.cams()) return;
  for (const std::uint8_t label : document_.cams()->point_labels) {
    if (label < kNumClasses) ++num_predicted_[label];
  }
}

void ClassModel::announce(Column first, Column last) {
  Q_EMIT dataChanged(index(0, first), index(kNumClasses - 1, last));
}

}  // namespace tagscape
