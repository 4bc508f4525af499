#pragma once

#include "core/exchange/exporter.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"

#include <QObject>
#include <QStringList>

#include <filesystem>
#include <functional>
#include <vector>

class QWidget;

namespace tagscape {

/// What of the open scene is exported.
enum class ExportLayer { Prediction, Truth };

/// Writes the labels of the open scene on a worker thread: asks for layer, formats, options and folder, shows progress,
/// and reports what was written.
class LabelExporter : public QObject {
  Q_OBJECT

 public:
  explicit LabelExporter(Document& document, QObject* parent = nullptr);

  /// Opens the dialog "exportDialog" over `parent`. Needs a scene with labels.
  void open(QWidget* parent);
  void write(const std::filesystem::path& folder, ExportLayer layer, ExportOptions options);
  /// The prediction with the usual options. @param formats  by their names on the command line: "ply", "scannet".
  void write(const std::filesystem::path& folder, const QStringList& formats);
  /// What makes the layer of the open scene, on any thread. Its errors: InvalidInput if there are no labels.
  [[nodiscard]] std::function<Result<ExchangeLayer>()> layer(ExportLayer which) const;
  [[nodiscard]] Document& document() { return document_; }
  [[nodiscard]] JobRunner& runner() { return runner_; }

 Q_SIGNALS:
  void written(const std::vector<std::filesystem::path>& files);
  void failed(const tagscape::Error& error);

 private:
  Document& document_;
  JobRunner runner_;
};

}  // namespace tagscape
