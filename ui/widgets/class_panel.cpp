#include "ui/widgets/class_panel.h"

#include <QHeaderView>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

namespace tagscape {
namespace {

/// Rows with some air, so that they are easy to read and to hit.
class RoomyRows : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    return QStyledItemDelegate::sizeHint(option, index) + QSize(0, 8);
  }
};

}  // namespace

ClassPanel::ClassPanel(Document& document, QWidget* parent)
    : QWidget(parent), document_(document), model_(document), table_(new QTreeView(this)) {
  setObjectName("classPanel");
  table_->setObjectName("classTable");
  table_->setAccessibleName(tr("Classes"));
  table_->setModel(&model_);
  table_->setRootIsDecorated(false);
  table_->setUniformRowHeights(true);
  table_->setAllColumnsShowFocus(true);
  table_->setFrameShape(QFrame::NoFrame);
  table_->setIconSize({13, 13});
  table_->setItemDelegate(new RoomyRows(table_));
  table_->header()->setMinimumSectionSize(30);
  constexpr int kNarrowestWithNames_px = 230;
  table_->setMinimumWidth(kNarrowestWithNames_px);
  table_->header()->setStretchLastSection(false);
  table_->header()->setSectionResizeMode(ClassModel::Name, QHeaderView::Stretch);
  for (const int column : {ClassModel::SceneTag, ClassModel::FrameTag, ClassModel::PredictedShare}) {
    table_->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
  }
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(table_);
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) {
    if (current.isValid()) document_.setClassIndex(current.row());
  });
  connect(&document_, &Document::classChanged, this, &ClassPanel::showChosen);
  connect(&document_, &Document::camsChanged, this, &ClassPanel::showColumns);
  showColumns();
  showChosen();
}

void ClassPanel::showColumns() { table_->setColumnHidden(ClassModel::PredictedShare, document_.cams() == nullptr); }

void ClassPanel::showChosen() {
  const QModelIndex chosen = model_.index(document_.classIndex(), 0);
  if (table_->currentIndex().row() != chosen.row()) table_->setCurrentIndex(chosen);
}

}  // namespace tagscape
