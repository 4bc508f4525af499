#include "ui/services/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

// Outside of any namespace, as Qt asks: resources of a static library are not found by themselves.
static void registerTranslations() { Q_INIT_RESOURCE(translations); }

namespace tagscape {

QStringList shippedLanguages() { return {QStringLiteral("en"), QStringLiteral("de")}; }

void installLanguage(const QString& language) {
  registerTranslations();
  static QTranslator* own = nullptr;
  static QTranslator* toolkit = nullptr;
  for (QTranslator** translator : {&own, &toolkit}) {
    delete *translator;  // Also uninstalls it from the application.
    *translator = nullptr;
  }
  const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
  QLocale::setDefault(locale);  // Also for numbers.
  if (locale.language() == QLocale::English) return;
  auto* found = new QTranslator(QCoreApplication::instance());
  if (!found->load(
          locale, QStringLiteral("tagscape"), QStringLiteral("_"), QStringLiteral(":/tagscape/translations"))) {
    delete found;
    return;
  }
  own = found;
  QCoreApplication::installTranslator(own);
  toolkit = new QTranslator(QCoreApplication::instance());
  // For the buttons of Qt's dialogs, which stay English if Qt's translations are missing.
  if (toolkit->load(
          locale, QStringLiteral("qtbase"), QStringLiteral("_"), QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
    QCoreApplication::installTranslator(toolkit);
  }
}

}  // namespace tagscape
