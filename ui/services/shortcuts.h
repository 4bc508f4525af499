#pragma once

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

class QAction;
class QWidget;

namespace tagscape {

/// All actions of the window that the user can find by name and bind to other keys. An action takes part when it has an
/// object name, by which its keys are kept in the user's settings, and a text.
class Shortcuts : public QObject {
  Q_OBJECT

 public:
  /// @param window          whose actions these are; must outlive this.
  /// @param keeps_settings  whether keys are read from and kept in the user's settings.
  Shortcuts(QWidget& window, bool keeps_settings);

  /// Takes in all actions that the window has now, with their present keys as the default, and binds them as the user's
  /// settings say. Actions taken in before stay as they are.
  void adopt();
  /// In the order of the window's menus.
  [[nodiscard]] const QList<QAction*>& actions() const { return actions_; }
  [[nodiscard]] QKeySequence defaultKeys(const QAction& action) const;

  /// Binds an action to other keys; empty keys unbind it. What had those keys loses them and is returned, else null.
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

/// How well `query` names `text`: its letters in their order, not case-sensitive, higher for beginnings of words and
/// for neighbours. Negative if a letter is missing. An empty query fits all the same.
[[nodiscard]] int fuzzyScore(const QString& query, const QString& text);

}  // namespace tagscape
