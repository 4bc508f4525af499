#include "ui/dialogs/import_dialog.h"

#include "core/exchange/format_table.h"
#include "core/exchange/label_sources.h"
#include "ui/dialogs/file_dialogs.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QTableWidget>

namespace tagscape {
namespace {

enum Column { kId, kName, kCount, kClass, kNumColumns };
constexpr int kNotSaid = -2, kNone = -1;

QString text(std::string_view words) { return QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size())); }

/// Under which a choice is remembered: the name that the file has for the id, or the id itself.
QString keyOf(const QString& name, int id) {
  const QString plain = QString::fromStdString(plainClassName(name.toStdString()));
  return QStringLiteral("import/classes/%1").arg(plain.isEmpty() ? QString::number(id) : plain);
}

/// The choices of earlier imports.
void addRemembered(const ForeignLabels& labels, IdMapFile& map) {
  const QSettings settings;
  for (const auto& [id, name] : labels.names) {
    const QString chosen = settings.value(keyOf(QString::fromStdString(name), id)).toString();
    if (chosen.isEmpty()) continue;
    const std::uint16_t row = classNamed(chosen.toStdString(), scanNetClasses());
    if (row != kUnlabelled || chosen == "none") map.by_id[id] = row;
  }
}

QTableWidgetItem* fixedItem(const QString& words) {
  auto* item = new QTableWidgetItem(words);
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
  return item;
}

}  // namespace

ImportDialog::ImportDialog(Document& document, QWidget* parent)
    : QDialog(parent),
      document_(document),
      place_(new QLineEdit(this)),
      format_(new QComboBox(this)),
      ids_(new QTableWidget(0, kNumColumns, this)),
      summary_(new QLabel(this)) {
  setObjectName("importDialog");
  setWindowTitle(tr("Import labels"));
  setAttribute(Qt::WA_DeleteOnClose);
  place_->setObjectName("importPlace");
  place_->setAccessibleName(tr("File or folder of labels"));
  format_->setObjectName("importFormat");
  format_->setAccessibleName(tr("Format"));
  format_->addItem(tr("Found out from the files"), QString());
  for (const ExchangeFormat& format : exchangeFormats()) {
    if (format.read != nullptr)
      format_->addItem(QStringLiteral("%1: %2").arg(text(format.name), text(format.summary)), text(format.name));
  }
  ids_->setObjectName("importIds");
  ids_->setAccessibleName(tr("What the ids mean"));
  ids_->setHorizontalHeaderLabels({tr("Id"), tr("Name in the file"), tr("Labels"), tr("Class")});
  ids_->horizontalHeader()->setSectionResizeMode(kName, QHeaderView::Stretch);
  ids_->verticalHeader()->hide();
  summary_->setObjectName("importSummary");
  summary_->setWordWrap(true);
  auto* file = new QPushButton(tr("File…"), this);
  auto* folder = new QPushButton(tr("Folder…"), this);
  connect(file, &QPushButton::clicked, this, [this] { askForPlace(false); });
  connect(folder, &QPushButton::clicked, this, [this] { askForPlace(true); });
  connect(place_, &QLineEdit::editingFinished, this, [this] { read(place_->text()); });
  connect(format_, &QComboBox::currentIndexChanged, this, [this] { read(place_->text()); });
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  import_ = buttons->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
  import_->setObjectName("startImport");
  import_->setEnabled(false);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, &ImportDialog::import);
  auto* row = new QHBoxLayout;
  row->addWidget(place_);
  row->addWidget(file);
  row->addWidget(folder);
  auto* form = new QFormLayout(this);
  form->addRow(tr("Labels"), row);
  form->addRow(tr("Format"), format_);
  form->addRow(ids_);
  form->addRow(summary_);
  form->addRow(buttons);
  constexpr int kWidth_px = 680, kHeight_px = 520;
  resize(kWidth_px, kHeight_px);
}

void ImportDialog::askForPlace(bool folder) {
  const QString chosen = folder ? askForFolder(this, tr("Folder of labels"), place_->text())
                                : QFileDialog::getOpenFileName(this, tr("File of labels"), place_->text());
  if (chosen.isEmpty()) return;
  place_->setText(chosen);
  read(chosen);
}

void ImportDialog::read(const QString& place) {
  if (place_->text() != place) place_->setText(place);
  import_->setEnabled(false);
  ids_->setRowCount(0);
  source_.reset();
  if (place.trimmed().isEmpty() || !document_.scene()) return;
  summary_->setText(tr("Reading…"));
  struct Preview {
    std::shared_ptr<const ForeignSource> source;
    ImportedLayer layer;
  };
  const auto named = exchangeFormatNamed(format_->currentData().toString().toStdString());
  const ExchangeFormat* format = named ? *named : nullptr;
  runner_.start<Preview>(
      [scene = document_.scene(), place = place.trimmed().toStdString(), format](const Job& job) -> Result<Preview> {
        auto source = readForeign(place, scene->name, format);
        if (!source) {
          if (auto unnamed = readForeign(place, {}, format)) source = std::move(unnamed);
        }
        if (!source) return tagscape::fail(source.error());
        Preview preview{std::make_shared<const ForeignSource>(std::move(*source)), {}};
        ImportOptions options;
        addRemembered(preview.source->labels, options.map);
        TAGSCAPE_ASSIGN(preview.layer, importLayer(scene, *preview.source, scanNetClasses(), options, job));
        return preview;
      },
      [this](Result<Preview> preview) {
        if (!preview) return fail(QString::fromStdString(preview.error().message));
        source_ = preview->source;
        showIds(preview->layer);
      });
}

void ImportDialog::showIds(const Result<ImportedLayer>& preview) {
  for (const IdReading& reading : preview->ids.readings) addIdRow(reading);
  ids_->resizeColumnsToContents();
  ids_->horizontalHeader()->setSectionResizeMode(kName, QHeaderView::Stretch);
  showSummary(*preview);
  import_->setEnabled(true);
}

void ImportDialog::addIdRow(const IdReading& reading) {
  const int row = ids_->rowCount();
  ids_->insertRow(row);
  ids_->setItem(row, kId, fixedItem(QString::number(reading.id)));
  ids_->setItem(row, kName, fixedItem(QString::fromStdString(reading.name)));
  ids_->setItem(row, kCount, fixedItem(QLocale().toString(static_cast<qulonglong>(reading.count))));
  auto* box = new QComboBox(ids_);
  box->setAccessibleName(tr("Class of id %1").arg(reading.id));
  if (!reading.is_known) box->addItem(tr("not known: no label"), kNotSaid);
  box->addItem(tr("no label"), kNone);
  const ExchangeClasses& classes = scanNetClasses();
  for (std::size_t i = 0; i < classes.size(); ++i) box->addItem(text(classes[i].name), static_cast<int>(i));
  const int wanted = !reading.is_known ? kNotSaid : reading.row == kUnlabelled ? kNone : static_cast<int>(reading.row);
  box->setCurrentIndex(box->findData(wanted));
  ids_->setCellWidget(row, kClass, box);
}

void ImportDialog::showSummary(const ImportedLayer& preview) {
  QStringList lines;
  if (!preview.match_note.empty()) {
    lines +=
        tr("Points matched %1: %2 %")
            .arg(QString::fromStdString(preview.match_note), QLocale().toString(100 * preview.share_matched, 'f', 1));
  }
  if (preview.layer.frames != nullptr) lines += tr("Labelled frames: %1").arg(preview.layer.frames->indices().size());
  for (const auto& note : preview.notes) lines += QString::fromStdString(note);
  summary_->setText(lines.join('\n'));
}

ImportOptions ImportDialog::chosen() const {
  ImportOptions options;
  QSettings settings;
  for (int row = 0; row < ids_->rowCount(); ++row) {
    const auto* box = qobject_cast<const QComboBox*>(ids_->cellWidget(row, kClass));
    const int id = ids_->item(row, kId)->text().toInt(), value = box->currentData().toInt();
    if (value == kNotSaid) continue;
    options.map.by_id[id] = value == kNone ? kUnlabelled : static_cast<std::uint16_t>(value);
    const QString name = ids_->item(row, kName)->text();
    if (!name.isEmpty())
      settings.setValue(
          keyOf(name, id),
          value == kNone ? QStringLiteral("none") : text(scanNetClasses()[static_cast<std::size_t>(value)].name));
  }
  return options;
}

void ImportDialog::import() {
  if (!source_ || !document_.scene()) return;
  import_->setEnabled(false);
  runner_.start<ImportedLayer>(
      [scene = document_.scene(), source = source_, options = chosen()](const Job& job) {
        return importLayer(scene, *source, scanNetClasses(), options, job);
      },
      [this](Result<ImportedLayer> result) { finish(result); });
}

void ImportDialog::finish(const Result<ImportedLayer>& result) {
  if (!result) return fail(QString::fromStdString(result.error().message));
  auto cams = result->prediction;
  if (cams == nullptr && result->layer.points.size() > 0)
    cams = std::make_shared<const SceneCams>(predictionOfLayer(*document_.scene(), result->layer));
  if (cams == nullptr)
    return fail(tr("Labels of frames alone cannot be shown here. `tagscape import` writes them as label images."));
  if (const Status shown = document_.setCams(cams); !shown) return fail(QString::fromStdString(shown.error().message));
  Q_EMIT imported(tr("Labels imported %1").arg(QString::fromStdString(result->layer.provenance)));
  accept();
}

void ImportDialog::fail(const QString& message) { summary_->setText(message); }

}  // namespace tagscape
