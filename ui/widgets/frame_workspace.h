#pragma once

#include "core/base/job.h"
#include "core/geometry/reference_depth.h"
#include "core/geometry/visibility.h"
#include "core/scene/cams.h"
#include "core/scene/scene.h"
#include "ui/models/document.h"

#include <QImage>
#include <QString>

#include <array>
#include <memory>
#include <optional>

namespace tagscape {

/// Everything that decides how a frame is shown.
struct FrameRequest {
  SharedScene scene;
  std::shared_ptr<const SceneCams> cams;  ///< May be null.
  std::size_t frame_index = 0;
  int class_index = 0;
  FrameOverlay overlay = FrameOverlay::None;
  float cam_threshold = 0;
  DepthTolerance tolerance;
  DepthSource depth_source = DepthSource::Auto;
};

/// A frame ready to be painted. Parts that could not be made are null, and `problem` says why.
struct FramePicture {
  std::size_t frame_index = 0;
  QImage color;
  QImage overlay;  ///< Same area as the colour image, not always the same number of pixels.
  std::string problem;
  std::string note;  ///< What is missing for the overlay though nothing is broken.
  std::optional<std::array<std::size_t, kNumVisibilities>> reason_counts;  ///< With the occlusion overlay.
};

/// Makes frame pictures, and keeps what was decoded and projected for the last frame, so that another class, overlay or
/// tolerance costs only its own part. Used by one worker thread at a time.
class FrameWorkspace {
 public:
  /// Errors: Cancelled only; a broken frame is a picture with a problem.
  [[nodiscard]] Result<FramePicture> make(const FrameRequest& request, const Job& job);

 private:
  void loadColor(const FrameRequest& request);
  [[nodiscard]] Status judge(const FrameRequest& request);
  void addOverlay(const FrameRequest& request, FramePicture& picture);
  void addCam2d(const FrameRequest& request, FramePicture& picture) const;
  void addTruth(const FrameRequest& request, FramePicture& picture) const;
  void addProjectedCam(const FrameRequest& request, FramePicture& picture) const;
  void addOcclusion(const FrameRequest& request, FramePicture& picture) const;

  SharedScene scene_;
  std::unique_ptr<ReferenceDepth> reference_;  ///< Of scene_.
  std::optional<std::size_t> frame_index_;
  QImage color_;
  std::string color_problem_;
  std::optional<VisibilityLedger> ledger_;
  DepthTolerance ledger_tolerance_;
  float spacing_m_ = 0;
};

}  // namespace tagscape
