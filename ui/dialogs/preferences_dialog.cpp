#include "ui/dialogs/preferences_dialog.h"

#include "ui/services/language.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QSettings>

#include <algorithm>

namespace tagscape {
namespace {

constexpr const char* kLanguage = "preferences/language";
constexpr const char* kTheme = "preferences/theme";
constexpr const char* kPalette = "preferences/palette";
constexpr const char* kHeatMap = "preferences/heatMap";

}  // namespace

QString preferredLanguage() { return QSettings().value(kLanguage).toString(); }

void applyPreferences(Document& document) {
  const QSettings settings;
  applyTheme(themeNamed(settings.value(kTheme).toString()));
  const int palette = settings.value(kPalette, 0).toInt();
  document.displayStyle().setPalette(palette == 1 ? ClassPalette::Distinct : ClassPalette::ScanNet);
  document.displayStyle().setHeatMap(
      static_cast<HeatMap>(std::clamp(settings.value(kHeatMap, 0).toInt(), 0, kNumHeatMaps - 1)));
}

PreferencesDialog::PreferencesDialog(Document& document, QWidget* parent) : QDialog(parent) {
  setObjectName("preferencesDialog");
  setWindowTitle(tr("Preferences"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* language = choice("languageChoice", tr("Language"));
  addLanguages(language);
  auto* note = new QLabel(tr("A change of language takes effect after a restart."), this);
  note->setEnabled(false);
  auto* theme = choice("themeChoice", tr("Theme"));
  theme->addItem(tr("As the desktop"), nameOf(Theme::Desktop));
  theme->addItem(tr("Light"), nameOf(Theme::Light));
  theme->addItem(tr("Dark"), nameOf(Theme::Dark));
  theme->setCurrentIndex(theme->findData(nameOf(themeNamed(QSettings().value(kTheme).toString()))));
  auto* palette = choice("preferredPalette", tr("Colours of the classes"));
  palette->addItem(tr("ScanNet's colours"));
  palette->addItem(tr("Distinct, also when colour-blind"));
  palette->setCurrentIndex(static_cast<int>(document.displayStyle().palette()));
  auto* heat_map = choice("preferredHeatMap", tr("Heat map"));
  heat_map->addItems({"Viridis", "Cividis", "Inferno", "Turbo"});
  heat_map->setCurrentIndex(static_cast<int>(document.displayStyle().heatMap()));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  auto* form = new QFormLayout(this);
  form->addRow(tr("Language"), language);
  form->addRow(QString(), note);
  form->addRow(tr("Theme"), theme);
  form->addRow(tr("Colours of the classes"), palette);
  form->addRow(tr("Heat map"), heat_map);
  form->addRow(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
  connect(language, &QComboBox::currentIndexChanged, this, [language] {
    QSettings().setValue(kLanguage, language->currentData());
  });
  connect(theme, &QComboBox::currentIndexChanged, this, [theme] {
    QSettings().setValue(kTheme, theme->currentData());
    applyTheme(themeNamed(theme->currentData().toString()));
  });
  connect(palette, &QComboBox::currentIndexChanged, this, [&document](int index) {
    QSettings().setValue(kPalette, index);
    document.displayStyle().setPalette(static_cast<ClassPalette>(index));
  });
  connect(heat_map, &QComboBox::currentIndexChanged, this, [&document](int index) {
    QSettings().setValue(kHeatMap, index);
    document.displayStyle().setHeatMap(static_cast<HeatMap>(index));
  });
}

QComboBox* PreferencesDialog::choice(const QString& object_name, const QString& accessible_name) {
  auto* box = new QComboBox(this);
  box->setObjectName(object_name);
  box->setAccessibleName(accessible_name);
  return box;
}

void PreferencesDialog::addLanguages(QComboBox* box) {
  box->addItem(tr("As the desktop"), QString());
  for (const QString& language : shippedLanguages()) box->addItem(QLocale(language).nativeLanguageName(), language);
  box->setCurrentIndex(std::max(0, box->findData(preferredLanguage())));
}

}  // namespace tagscape
