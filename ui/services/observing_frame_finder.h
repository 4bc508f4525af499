#pragma once

#include "core/geometry/visibility_index.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace tagscape {

/// Finds the frames that see the point in focus and puts them into the document's link, together with the visibility
/// index. The index is built once on a worker by computing which points each frame sees; until then the list is
/// incomplete. If all frames would need too much memory, only every second, third, … is indexed.
class ObservingFrameFinder : public QObject {
  Q_OBJECT

 public:
  explicit ObservingFrameFinder(Document& document, QObject* parent = nullptr);

  /// The number of indexed frames so far, and in the end.
  [[nodiscard]] std::size_t numKnown() const { return index_ ? index_->numKnown() : 0; }
  [[nodiscard]] bool isBusy() const { return soon_.isActive() || runner_.isBusy(); }

 private:
  void startSoon();
  void build();
  void indexGrew();
  void find();

  Document& document_;
  std::shared_ptr<VisibilityIndex> index_;  // Of index_scene_; written by the worker, see VisibilityIndex.
  SharedScene index_scene_;
  QTimer soon_;     // A slider that moves starts one build.
  QTimer growing_;  // While the index grows, so do the observing_frames.
  JobRunner runner_{JobRunner::Priority::Low};
};

}  // namespace tagscape
