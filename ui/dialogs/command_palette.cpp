#include "ui/dialogs/command_palette.h"

#include "ui/services/shortcuts.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace tagscape {
namespace {

constexpr int kRoleOfAction = Qt::UserRole;
constexpr int kWidth_px = 520;
constexpr int kHeight_px = 360;

}  // namespace

CommandPalette::CommandPalette(Shortcuts& shortcuts, QWidget* parent)
    : QDialog(parent), shortcuts_(shortcuts), query_(new QLineEdit(this)), list_(new QListWidget(this)) {
  setObjectName("commandPalette");
  setWindowTitle(tr("Commands"));
  setAttribute(Qt::WA_DeleteOnClose);
  resize(kWidth_px, kHeight_px);
  query_->setObjectName("commandQuery");
  query_->setAccessibleName(tr("Name of a command"));
  query_->setPlaceholderText(tr("Type a few letters of a command"));
  query_->installEventFilter(this);
  list_->setObjectName("commandList");
  list_->setAccessibleName(tr("Matching commands"));
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(query_);
  layout->addWidget(list_);
  connect(query_, &QLineEdit::textChanged, this, &CommandPalette::search);
  connect(query_, &QLineEdit::returnPressed, this, &CommandPalette::runChosen);
  connect(list_, &QListWidget::itemClicked, this, &CommandPalette::runChosen);
  search({});
}

void CommandPalette::search(const QString& query) {
  struct Match {
    int score;
    QAction* action;
  };
  std::vector<Match> matches;
  for (QAction* action : shortcuts_.actions()) {
    const int score = fuzzyScore(query, Shortcuts::nameOf(*action));
    if (score >= 0) matches.push_back({score, action});
  }
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.score > b.score; });
  list_->clear();
  for (const Match& match : matches) {
    const QString keys = match.action->shortcut().toString(QKeySequence::NativeText);
    auto* item = new QListWidgetItem(
        Shortcuts::nameOf(*match.action) + (keys.isEmpty() ? QString() : QStringLiteral("  (%1)").arg(keys)), list_);
    item->setData(kRoleOfAction, QVariant::fromValue(match.action));
    if (!match.action->isEnabled()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
  }
  // Disabled actions keep their place, but Return triggers the first enabled one.
  const auto is_possible = [](const Match& match) { return match.action->isEnabled(); };
  const auto first = std::find_if(matches.begin(), matches.end(), is_possible);
  list_->setCurrentRow(first == matches.end() ? 0 : static_cast<int>(first - matches.begin()));
}

void CommandPalette::runChosen() {
  const QListWidgetItem* item = list_->currentItem();
  if (!item || !item->flags().testFlag(Qt::ItemIsEnabled)) return;
  const QPointer<QAction> action = item->data(kRoleOfAction).value<QAction*>();
  accept();
  // After this window has closed, so that a dialog opened by the action gets the focus.
  if (action) QTimer::singleShot(0, action, &QAction::trigger);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
    if (step != 0) {
      list_->setCurrentRow(std::clamp(list_->currentRow() + step, 0, list_->count() - 1));
      return true;
    }
  }
  return QDialog::eventFilter(watched, event);
}

}  // namespace tagscape
