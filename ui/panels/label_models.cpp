#include "ui/panels/label_models.h"

#include <QDateTime>
#include <QLocale>
#include <QPalette>
#include <QPixmap>

namespace tagscape {
namespace {

QPixmap swatch(const Rgb8& rgb) {
  constexpr int kSide_px = 12;
  QPixmap pixmap(kSide_px, kSide_px);
  pixmap.fill(QColor(rgb[0], rgb[1], rgb[2]));
  return pixmap;
}

}  // namespace

LabelClassModel::LabelClassModel(LabelEditor& editor, QObject* parent) : QAbstractTableModel(parent), editor_(editor) {
  connect(&editor, &LabelEditor::projectChanged, this, [this] {
    const Project* project = editor_.project();
    const auto now = project ? project->classes().classes : std::vector<LabelClass>();
    if (now == classes_) return announce();
    beginResetModel();
    classes_ = now;
    endResetModel();
  });
  connect(&editor, &LabelEditor::labelsChanged, this, &LabelClassModel::announce);
  connect(&editor, &LabelEditor::settingsChanged, this, &LabelClassModel::announce);
}

void LabelClassModel::announce() {
  if (!classes_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, NumColumns - 1));
}

int LabelClassModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(classes_.size());
}

int LabelClassModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : NumColumns; }

QVariant LabelClassModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto row = static_cast<std::size_t>(index.row());
  const LabelClass& label_class = classes_[row];
  const LabelLayer* layer = editor_.layer();
  const std::size_t count = layer ? layer->count(static_cast<std::uint8_t>(row)) : 0;
  if (role == Qt::DecorationRole && index.column() == Name) return swatch(label_class.rgb);
  if (role == Qt::CheckStateRole && index.column() == Protected)
    return editor_.settings().protected_classes[row] ? Qt::Checked : Qt::Unchecked;
  if (role == Qt::TextAlignmentRole && (index.column() == NumPoints || index.column() == Share))
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  constexpr double kPercent = 100;
  switch (index.column()) {
    case Name:
      return QString::fromStdString(label_class.name);
    case Key:
      return QString::fromStdString(label_class.key);
    case NumPoints:
      return count > 0 ? QLocale().toString(static_cast<qulonglong>(count)) : QString();
    case Share:
      if (count == 0) return {};
      return tr("%1 %").arg(kPercent * static_cast<double>(count) / static_cast<double>(layer->size()), 0, 'f', 1);
    default:
      return {};
  }
}

Qt::ItemFlags LabelClassModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  if (index.isValid() && index.column() == Protected) flags |= Qt::ItemIsUserCheckable;
  return flags;
}

bool LabelClassModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid() || index.column() != Protected || role != Qt::CheckStateRole) return false;
  LabelSettings settings = editor_.settings();
  settings.protected_classes.set(static_cast<std::size_t>(index.row()), value.toInt() == Qt::Checked);
  editor_.setSettings(settings);
  return true;
}

QVariant LabelClassModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::ToolTipRole && section == Protected) return tr("Labels of protected classes are not painted over");
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name:
      return tr("Class");
    case Key:
      return tr("Key");
    case NumPoints:
      return tr("Points");
    case Share:
      return tr("Share");
    case Protected:
      return tr("Protect");
    default:
      return {};
  }
}

EditListModel::EditListModel(LabelEditor& editor, QObject* parent) : QAbstractListModel(parent), editor_(editor) {
  connect(&editor, &LabelEditor::historyChanged, this, [this] {
    beginResetModel();
    edits_ = editor_.history();
    endResetModel();
  });
}

int EditListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(edits_.size());
}

QVariant EditListModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const EditRecord& edit = edits_[static_cast<std::size_t>(index.row())];
  if (role == kEditRole) return QVariant::fromValue<qlonglong>(edit.id);
  if (role == Qt::DisplayRole)
    return tr("%1 · %2").arg(QString::fromStdString(edit.tool), QString::fromStdString(edit.text));
  if (role == Qt::ForegroundRole && edit.state == EditState::Undone)
    return QPalette().color(QPalette::Disabled, QPalette::Text);
  if (role == Qt::ToolTipRole) {
    const QString time = QLocale().toString(QDateTime::fromSecsSinceEpoch(edit.time_s), QLocale::ShortFormat);
    return edit.author.empty() ? time : tr("%1, %2").arg(time, QString::fromStdString(edit.author));
  }
  return {};
}

}  // namespace tagscape
