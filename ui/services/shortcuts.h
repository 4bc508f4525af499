#pragma once

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

class QAction;
class QWidget;

namespace tagscape {

/// The window's actions that can be found by name and rebound to other keys: those with a text and an object name,
/// under which their keys are stored in the user's settings.
class Shortcuts : public QObject {
  Q_OBJECT

 public:
  /// @param window          with the actions; must outlive this object.
  /// @param keeps_settings  whether keys are read from and stored in the user's settings.
  Shortcuts(QWidget& window, bool keeps_settings);

  /// Registers all current actions of the window, with their current keys as defaults, and applies the keys of the
  /// user's settings. Actions that are already registered are unchanged.
  void adopt();
  /// In the order of the window's menus.
  [[nodiscard]] const QList<QAction*>& actions() const { return actions_; }
  [[nodiscard]] QKeySequence defaultKeys(const QAction& action) const;

  /// Binds an action to other keys; empty keys unbind it. @return the action that had these keys and loses them, or
  /// null.
  QAction* bind(QAction& action, const QKeySequence& keys);
  void resetAll();

  /// Text without mnemonics and dots, with the menus above it: "View: Colour".
  [[nodiscard]] static QString nameOf(const QAction& action);

 Q_SIGNALS:
  void changed();

 private:
  void apply(QAction& action, const QKeySequence& keys);

  QWidget& window_;
  bool keeps_settings_;
  QList<QAction*> actions_;
  QHash<const QAction*, QKeySequence> defaults_;
};

/// Fuzzy match score of `query` in `text`: its letters must occur in order, ignoring case; beginnings of words and
/// consecutive letters score higher. Negative if a letter is missing. An empty query matches everything equally.
[[nodiscard]] int fuzzyScore(const QString& query, const QString& text);

}  // namespace tagscape
