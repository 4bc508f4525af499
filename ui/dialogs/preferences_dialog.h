#pragma once

#include "ui/models/document.h"
#include "ui/services/theme.h"

#include <QDialog>

class QComboBox;

namespace tagscape {

/// What the user prefers beyond one scene: language, theme, colours. Kept in the user's settings, all but the language
/// at work at once.
class PreferencesDialog : public QDialog {
  Q_OBJECT

 public:
  explicit PreferencesDialog(Document& document, QWidget* parent = nullptr);

 private:
  [[nodiscard]] QComboBox* choice(const QString& object_name, const QString& accessible_name);
  void addLanguages(QComboBox* box);
};

/// Brings kept preferences into effect: the theme, and how classes and values look. Call it once a window.
void applyPreferences(Document& document);
/// The language that the user chose; empty for the desktop's.
[[nodiscard]] QString preferredLanguage();

}  // namespace tagscape
