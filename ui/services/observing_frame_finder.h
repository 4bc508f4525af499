#pragma once

#include "core/geometry/visibility_index.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace tagscape {

/// Finds the frames that see the point in question, and tells the document's link, which has the whole index, too. Goes
/// once through all frames on a worker to learn which points each sees; frames that were not met yet are no
/// observing_frames yet. Where all frames would take too much memory, every second, third, … is asked.
class ObservingFrameFinder : public QObject {
  Q_OBJECT

 public:
  explicit ObservingFrameFinder(Document& document, QObject* parent = nullptr);

  /// How many frames are known, and how many will be.
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
