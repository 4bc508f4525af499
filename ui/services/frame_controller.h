#pragma once

#include "core/geometry/frame_probe.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"
#include "ui/services/frame_decoder.h"
#include "ui/services/frame_workspace.h"

#include <QObject>
#include <QTimer>

namespace tagscape {

/// Keeps the frame's picture up to date: asks a worker for it whenever the document changes in a way that shows. While
/// one is being made, requests replace each other, so that who scrubs fast sees the newest frame after each, and none
/// in between is made. Once nothing is requested, the frame is made ready for questions point by point.
class FrameController : public QObject {
  Q_OBJECT

 public:
  explicit FrameController(Document& document, QObject* parent = nullptr);
  /// Whether the picture shown last is the one that the document asks for, and the probe is ready.
  [[nodiscard]] bool isUpToDate() const { return !is_dirty_ && !runner_.isBusy(); }
  /// Of the current frame; null while it is not ready, or cannot be made.
  [[nodiscard]] const std::shared_ptr<const FrameProbe>& probe() const { return probe_; }
  [[nodiscard]] const FrameDecoder& decoder() const { return *decoder_; }

 Q_SIGNALS:
  void pictureReady(const tagscape::FramePicture& picture);
  void probeChanged();

 private:
  enum class Work { None, Picture, Probe };

  void requestUpdate();
  void forgetProbe();
  void proceed();
  void submit();
  void askForProbe();
  [[nodiscard]] FrameRequest request() const;

  Document& document_;
  std::shared_ptr<FrameDecoder> decoder_ = std::make_shared<FrameDecoder>();
  std::shared_ptr<FrameWorkspace> workspace_ =
      std::make_shared<FrameWorkspace>(decoder_);  // Touched by the worker only.
  std::shared_ptr<const FrameProbe> probe_;
  QTimer soon_;  // Several changes at once make one request.
  bool is_dirty_ = false;
  bool wants_probe_ = false;
  Work work_ = Work::None;
  int last_index_ = 0;
  JobRunner runner_;
};

}  // namespace tagscape
