#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/models/scene_tree_model.h"

#include <QObject>
#include <QTimer>

#include <deque>

namespace tagscape {

/// Makes the thumbnails that a scene tree requests, one at a time on a worker, the latest request first, so that
/// visible rows precede those that have scrolled away. Thumbnails that cannot be made are left out silently; opening
/// the scene or frame reports why. Pauses while the user scrubs through frames.
class ThumbnailLoader : public QObject {
  Q_OBJECT

 public:
  /// @param model, document  must outlive the loader.
  ThumbnailLoader(SceneTreeModel& model, const Document& document, QObject* parent = nullptr);

  [[nodiscard]] bool isIdle() const { return !is_busy_ && wanted_.empty(); }

 private:
  void want(const ThumbnailKey& key);
  void next();

  SceneTreeModel& model_;
  const Document& document_;
  std::deque<ThumbnailKey> wanted_;
  bool is_busy_ = false;
  QTimer rest_;  // Runs while the user scrubs.
  JobRunner runner_;
};

}  // namespace tagscape
