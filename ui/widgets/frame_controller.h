#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"
#include "ui/widgets/frame_workspace.h"

#include <QObject>
#include <QTimer>

namespace tagscape {

/// Keeps the frame's picture up to date: asks a worker for it whenever the document changes in a way that shows, the
/// latest wish first.
class FrameController : public QObject {
  Q_OBJECT

 public:
  explicit FrameController(Document& document, QObject* parent = nullptr);
  /// Whether the picture shown last is the one that the document asks for.
  [[nodiscard]] bool isUpToDate() const { return !is_dirty_ && !runner_.isBusy(); }

 Q_SIGNALS:
  void pictureReady(const tagscape::FramePicture& picture);

 private:
  void wish();
  void ask();

  Document& document_;
  std::shared_ptr<FrameWorkspace> workspace_ = std::make_shared<FrameWorkspace>();  // Touched by the worker only.
  QTimer soon_;  // Several changes at once make one wish.
  bool is_dirty_ = false;
  JobRunner runner_;
};

}  // namespace tagscape
