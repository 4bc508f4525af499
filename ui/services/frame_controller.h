#pragma once

#include "core/geometry/frame_probe.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"
#include "ui/services/frame_decoder.h"
#include "ui/services/frame_workspace.h"

#include <QObject>
#include <QTimer>

namespace tagscape {

/// Keeps the picture of the current frame up to date: has it made on a worker when the document changes visibly. While
/// one is being made, only the latest request is kept, so that fast scrubbing skips frames in between. When idle, it
/// prepares a FrameProbe for the frame.
class FrameController : public QObject {
  Q_OBJECT

 public:
  explicit FrameController(Document& document, QObject* parent = nullptr);
  /// Whether the shown picture is up to date and the probe is ready.
  [[nodiscard]] bool isUpToDate() const { return !is_dirty_ && !runner_.isBusy(); }
  /// The probe of the current frame; null while not ready, or if it cannot be made.
  [[nodiscard]] const std::shared_ptr<const FrameProbe>& probe() const { return probe_; }
  /// The points in view of the current frame by their pixels; null as the probe.
  [[nodiscard]] const std::shared_ptr<const FramePoints>& points() const { return points_; }
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
  std::shared_ptr<const FramePoints> points_;
  QTimer soon_;  // Several changes at once make one request.
  bool is_dirty_ = false;
  bool wants_probe_ = false;
  Work work_ = Work::None;
  int last_index_ = 0;
  JobRunner runner_;
};

}  // namespace tagscape
