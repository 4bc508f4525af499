#include "ui/panels/warning_panel.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QListView>
#include <QVBoxLayout>

namespace tagscape {

WarningPanel::WarningPanel(const Document& document, QWidget* parent) : QWidget(parent), model_(document) {
  setObjectName("warningPanel");
  auto* list = new QListView(this);
  list->setObjectName("warningList");
  list->setAccessibleName(tr("Warnings about the scene"));
  list->setModel(&model_);
  list->setWordWrap(true);
  list->setAlternatingRowColors(true);
  list->setFrameShape(QFrame::NoFrame);
  list->setSelectionMode(QAbstractItemView::ExtendedSelection);
  list->setResizeMode(QListView::Adjust);
  auto* copy = new QAction(tr("Copy"), list);
  copy->setShortcut(QKeySequence::Copy);
  copy->setShortcutContext(Qt::WidgetShortcut);
  list->addAction(copy);
  list->setContextMenuPolicy(Qt::ActionsContextMenu);
  connect(copy, &QAction::triggered, list, [list] {
    QStringList lines;
    for (const QModelIndex& index : list->selectionModel()->selectedIndexes()) lines += index.data().toString();
    QGuiApplication::clipboard()->setText(lines.join('\n'));
  });
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(list);
}

}  // namespace tagscape
