#include "ui/dialogs/shortcut_dialog.h"

#include "ui/services/shortcuts.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace tagscape {
namespace {

constexpr int kActionRole = Qt::UserRole;

/// A second key replaces the first: sequences of keys are not supported.
QKeySequence lastStroke(const QKeySequence& keys) {
  return keys.isEmpty() ? keys : QKeySequence(keys[static_cast<uint>(keys.count() - 1)]);
}

}  // namespace

ShortcutDialog::ShortcutDialog(Shortcuts& shortcuts, QWidget* parent)
    : QDialog(parent),
      shortcuts_(shortcuts),
      filter_(new QLineEdit(this)),
      list_(new QTreeWidget(this)),
      keys_(new QKeySequenceEdit(this)),
      note_(new QLabel(this)) {
  setObjectName("shortcutDialog");
  setWindowTitle(tr("Keyboard shortcuts"));
  setAttribute(Qt::WA_DeleteOnClose);
  resize(560, 520);
  filter_->setObjectName("shortcutFilter");
  filter_->setAccessibleName(tr("Filter"));
  filter_->setPlaceholderText(tr("Filter"));
  filter_->setClearButtonEnabled(true);
  list_->setObjectName("shortcutList");
  list_->setAccessibleName(tr("Actions and their shortcuts"));
  list_->setHeaderLabels({tr("Action"), tr("Keyboard shortcuts")});
  list_->setRootIsDecorated(false);
  list_->header()->setStretchLastSection(false);
  list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  keys_->setObjectName("shortcutKeys");
  keys_->setAccessibleName(tr("New shortcut of the selected action"));
  note_->setObjectName("shortcutNote");
  note_->setWordWrap(true);
  auto* bind = new QPushButton(tr("Bind"), this);
  bind->setObjectName("bindShortcut");
  auto* unbind = new QPushButton(tr("Unbind"), this);
  unbind->setObjectName("unbindShortcut");
  auto* row = new QHBoxLayout;
  for (QWidget* control : {static_cast<QWidget*>(keys_), static_cast<QWidget*>(bind), static_cast<QWidget*>(unbind)})
    row->addWidget(control);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::RestoreDefaults | QDialogButtonBox::Close, this);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(filter_);
  layout->addWidget(list_);
  layout->addLayout(row);
  layout->addWidget(note_);
  layout->addWidget(buttons);
  connect(filter_, &QLineEdit::textChanged, this, &ShortcutDialog::fill);
  connect(list_, &QTreeWidget::currentItemChanged, this, &ShortcutDialog::showChosen);
  connect(keys_, &QKeySequenceEdit::keySequenceChanged, this, [this](const QKeySequence& keys) {
    if (keys.count() > 1) keys_->setKeySequence(lastStroke(keys));
  });
  connect(bind, &QPushButton::clicked, this, &ShortcutDialog::bindChosen);
  connect(unbind, &QPushButton::clicked, this, [this] {
    keys_->clear();
    bindChosen();
  });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
  connect(buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this, [this] {
    shortcuts_.resetAll();
    note_->clear();
  });
  connect(&shortcuts_, &Shortcuts::changed, this, &ShortcutDialog::fill);
  fill();
}

void ShortcutDialog::fill() {
  const QAction* before = chosen();
  list_->clear();
  for (QAction* action : shortcuts_.actions()) {
    const QString name = Shortcuts::nameOf(*action);
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    if (fuzzyScore(filter_->text(), name) < 0 && !keys.contains(filter_->text(), Qt::CaseInsensitive)) continue;
    auto* item = new QTreeWidgetItem(list_, {name, keys});
    item->setData(0, kActionRole, QVariant::fromValue(action));
    QFont font = item->font(1);
    font.setBold(action->shortcut() != shortcuts_.defaultKeys(*action));  // Bound by the user.
    item->setFont(1, font);
    if (action == before) list_->setCurrentItem(item);
  }
  list_->resizeColumnToContents(1);
}

QAction* ShortcutDialog::chosen() const {
  return list_->currentItem() ? list_->currentItem()->data(0, kActionRole).value<QAction*>() : nullptr;
}

void ShortcutDialog::showChosen() {
  if (const QAction* action = chosen()) keys_->setKeySequence(action->shortcut());
}

void ShortcutDialog::bindChosen() {
  QAction* action = chosen();
  if (!action) return;
  const QAction* loser = shortcuts_.bind(*action, lastStroke(keys_->keySequence()));
  note_->setText(loser ? tr("%1 had this shortcut and has none now").arg(Shortcuts::nameOf(*loser)) : QString());
}

}  // namespace tagscape
