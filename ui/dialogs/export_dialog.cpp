#include "ui/dialogs/export_dialog.h"

#include "core/exchange/format_table.h"
#include "core/exchange/label_sources.h"
#include "ui/dialogs/export_window.h"

#include <QSettings>

namespace tagscape {

namespace {

tl::unexpected<Error> nothingToExport() {
  return fail(ErrorCode::InvalidInput, "There are no labels to export yet. Train, or open a run, first.");
}

}  // namespace

LabelExporter::LabelExporter(Document& document, QObject* parent) : QObject(parent), document_(document) {}

void LabelExporter::open(QWidget* parent) {
  auto* window = new ExportWindow(*this, parent);
  connect(window, &ExportWindow::accepted, this, [this, window] {
    write(window->folder().toStdString(), window->layer(), window->options());
  });
  window->open();
}

std::function<Result<ExchangeLayer>()> LabelExporter::layer(ExportLayer which) const {
  return [scene = document_.scene(), cams = document_.cams(), which]() -> Result<ExchangeLayer> {
    if (scene && which == ExportLayer::Truth) return layerOfTruth(scene);
    if (scene && cams) return layerOfPrediction(scene, cams);
    return nothingToExport();
  };
}

void LabelExporter::write(const std::filesystem::path& folder, const QStringList& formats) {
  ExportOptions options;
  for (const QString& name : formats) {
    if (const auto format = exchangeFormatNamed(name.toStdString())) options.formats.push_back(*format);
  }
  write(folder, ExportLayer::Prediction, std::move(options));
}

void LabelExporter::write(const std::filesystem::path& folder, ExportLayer which, ExportOptions options) {
  if (!document_.scene() || (which == ExportLayer::Prediction && !document_.cams())) {
    Q_EMIT failed(nothingToExport().value());
    return;
  }
  using Files = std::vector<std::filesystem::path>;
  runner_.start<Files>(
      [scene = document_.scene(), make = layer(which), folder, options](const Job& job) -> Result<Files> {
        TAGSCAPE_ASSIGN(ExchangeLayer labels, make());
        TAGSCAPE_ASSIGN(Exporter exporter, Exporter::create(folder, options, labels.classes));
        TAGSCAPE_ASSIGN(const ExportedScene record, exporter.add(scene, std::move(labels), job));
        Files files;
        for (const auto& file : record.files) files.push_back(folder / file.path);
        return files;
      },
      [this, folder](Result<Files> files) {
        if (files) {
          QSettings().setValue("export/folder", QString::fromStdString(folder.string()));
          Q_EMIT written(*files);
        } else {
          Q_EMIT failed(files.error());
        }
      });
}

}  // namespace tagscape
