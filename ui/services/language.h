#pragma once

#include <QString>
#include <QStringList>

namespace tagscape {

/// Languages that the studio speaks, as locale names: "en", "de".
[[nodiscard]] QStringList shippedLanguages();

/// Lets the application speak this language from now on; windows that are there keep their texts.
/// @param language  a locale name; empty: the desktop's. One that is not shipped is English.
void installLanguage(const QString& language);

}  // namespace tagscape
