#include "ui/services/shortcuts.h"

#include <QAction>
#include <QDockWidget>
#include <QMenu>
#include <QSettings>
#include <QWidget>

#include <algorithm>

namespace tagscape {
namespace {

QString settingOf(const QAction& action) { return QStringLiteral("shortcuts/") + action.objectName(); }

QString plain(QString text) { return text.remove('&').remove(QStringLiteral("…")); }

}  // namespace

Shortcuts::Shortcuts(QWidget& window, bool keeps_settings)
    : QObject(&window), window_(window), keeps_settings_(keeps_settings) {}

void Shortcuts::adopt() {
  const QSettings settings;
  for (QAction* action : window_.findChildren<QAction*>()) {
    const bool is_toolkit_own = action->objectName().startsWith(QStringLiteral("qt_"));
    if (action->objectName().isEmpty() || is_toolkit_own || action->text().isEmpty() || action->menu()) continue;
    if (defaults_.contains(action)) continue;
    actions_ += action;
    defaults_[action] = action->shortcut();
    const QVariant chosen = keeps_settings_ ? settings.value(settingOf(*action)) : QVariant();
    if (chosen.isValid()) apply(*action, QKeySequence::fromString(chosen.toString(), QKeySequence::PortableText));
  }
  // Actions of panels come last.
  std::stable_partition(actions_.begin(), actions_.end(), [](const QAction* action) {
    return !qobject_cast<const QDockWidget*>(action->parent());
  });
  Q_EMIT changed();
}

QKeySequence Shortcuts::defaultKeys(const QAction& action) const { return defaults_.value(&action); }

void Shortcuts::apply(QAction& action, const QKeySequence& keys) {
  action.setShortcut(keys);
  if (!keeps_settings_) return;
  QSettings settings;
  if (keys == defaults_.value(&action)) {
    settings.remove(settingOf(action));
  } else {
    settings.setValue(settingOf(action), keys.toString(QKeySequence::PortableText));
  }
}

QAction* Shortcuts::bind(QAction& action, const QKeySequence& keys) {
  QAction* loser = nullptr;
  for (QAction* other : actions_) {
    if (other == &action || keys.isEmpty() || other->shortcut() != keys) continue;
    apply(*other, {});
    loser = other;
  }
  apply(action, keys);
  Q_EMIT changed();
  return loser;
}

void Shortcuts::resetAll() {
  for (QAction* action : actions_) apply(*action, defaults_.value(action));
  Q_EMIT changed();
}

QString Shortcuts::nameOf(const QAction& action) {
  QString name = plain(action.text());
  for (const QObject* owner : action.associatedObjects()) {
    const auto* menu = qobject_cast<const QMenu*>(owner);
    if (menu && !menu->title().isEmpty()) return plain(menu->title()) + QStringLiteral(": ") + name;
  }
  return name;
}

int fuzzyScore(const QString& query, const QString& text) {
  constexpr int kBeginning = 8, kNeighbour = 5, kLetter = 1;
  int score = 0;
  qsizetype from = 0;
  qsizetype last = -2;
  int run = 0;  // Longer runs of consecutive letters score higher.
  for (const QChar letter : query) {
    if (letter.isSpace()) continue;
    // The beginning of a word is preferred to the next match, unless that continues a run.
    qsizetype found = text.indexOf(letter, from, Qt::CaseInsensitive);
    if (found < 0) return -1;
    if (found != last + 1) {
      for (qsizetype at = found; at >= 0; at = text.indexOf(letter, at + 1, Qt::CaseInsensitive)) {
        if (at > 0 && text.at(at - 1).isLetterOrNumber()) continue;
        found = at;
        break;
      }
    }
    score += kLetter;
    run = found == last + 1 ? run + 1 : 0;
    score += kNeighbour * run;
    if (found == 0 || !text.at(found - 1).isLetterOrNumber()) score += kBeginning;
    last = found;
    from = found + 1;
  }
  return score;
}

}  // namespace tagscape
