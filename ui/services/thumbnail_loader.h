#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/models/scene_tree_model.h"

#include <QObject>
#include <QTimer>

#include <deque>

namespace tagscape {

/// Makes the small pictures that a scene tree asks for, one after the other on a worker, the latest asked for first:
/// what the user has scrolled to comes before what has scrolled by. A picture that cannot be made stays away silently;
/// opening the scene or the frame says why. Pictures wait while the user scrubs through the frames, which needs the
/// processors itself.
class ThumbnailLoader : public QObject {
  Q_OBJECT

 public:
  /// @param model, document  must outlive this.
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
