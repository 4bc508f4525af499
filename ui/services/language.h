#pragma once

#include <QString>
#include <QStringList>

namespace tagscape {

/// The available languages as locale names: "en", "de".
[[nodiscard]] QStringList shippedLanguages();

/// Sets the language of the application; existing windows keep their texts.
/// @param language  a locale name; empty: that of the desktop. English if there is no translation.
void installLanguage(const QString& language);

}  // namespace tagscape
