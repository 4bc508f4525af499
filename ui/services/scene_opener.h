#pragma once

#include "core/scans/data_set.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"

#include <QObject>

#include <filesystem>

namespace tagscape {

/// Opens scenes on a worker and puts them into the document; the open scene stays until the new one is ready. For a
/// folder that contains scenes (a data set), lists them and opens none.
class SceneOpener : public QObject {
  Q_OBJECT

 public:
  explicit SceneOpener(Document& document, QObject* parent = nullptr);

  void open(const std::filesystem::path& path);
  [[nodiscard]] JobRunner& runner() { return runner_; }

 Q_SIGNALS:
  void opened(const std::filesystem::path& path);
  void dataSetFound(const tagscape::DataSet& data_set);                          ///< With canonical paths.
  void failed(const std::filesystem::path& path, const tagscape::Error& error);  ///< Also if cancelled.

 private:
  Document& document_;
  JobRunner runner_;
};

}  // namespace tagscape
