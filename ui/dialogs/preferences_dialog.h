#pragma once

#include "ui/models/document.h"
#include "ui/services/theme.h"

#include <QDialog>

class QComboBox;

namespace tagscape {

/// The user's preferences: language, theme, colours. Stored in the user's settings; all but the language apply at once.
class PreferencesDialog : public QDialog {
  Q_OBJECT

 public:
  explicit PreferencesDialog(Document& document, QWidget* parent = nullptr);

 private:
  [[nodiscard]] QComboBox* choice(const QString& object_name, const QString& accessible_name);
  void addLanguages(QComboBox* box);
};

/// Applies the stored preferences: the theme and the display style. To be called once per window.
void applyPreferences(Document& document);
/// The chosen language; empty for that of the desktop.
[[nodiscard]] QString preferredLanguage();

}  // namespace tagscape
