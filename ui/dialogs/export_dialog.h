#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"

#include <QObject>

#include <filesystem>
#include <vector>

class QWidget;

namespace tagscape {

/// Exports the predicted labels on a worker: asks for formats and folder, shows progress, reports the written files.
class LabelExporter : public QObject {
  Q_OBJECT

 public:
  explicit LabelExporter(Document& document, QObject* parent = nullptr);

  /// Opens the dialog "exportDialog" over `parent`. Needs a scene with CAMs.
  void open(QWidget* parent);
  /// Formats by their command line names: "ply", "scannet".
  void write(const std::filesystem::path& folder, const QStringList& formats);
  [[nodiscard]] JobRunner& runner() { return runner_; }

 Q_SIGNALS:
  void written(const std::vector<std::filesystem::path>& files);
  void failed(const tagscape::Error& error);

 private:
  Document& document_;
  JobRunner runner_;
};

}  // namespace tagscape
