#pragma once

#include "core/base/job.h"
#include "core/geometry/frame_points.h"
#include "core/geometry/frame_probe.h"
#include "core/geometry/reference_depth.h"
#include "core/geometry/visibility.h"
#include "core/scene/cams.h"
#include "core/scene/palette.h"
#include "core/scene/scene.h"
#include "ui/models/document.h"

#include <QCoreApplication>
#include <QImage>
#include <QString>
#include <QStringList>

#include <array>
#include <memory>
#include <optional>

namespace tagscape {

class FrameDecoder;

/// All inputs of a frame's picture.
struct FrameRequest {
  SharedScene scene;
  std::shared_ptr<const SceneCams> cams;  ///< May be null.
  std::size_t frame_index = 0;
  int class_index = 0;
  FrameBase base = FrameBase::Color;
  FrameOverlay overlay = FrameOverlay::None;
  FrameOverlay compared_overlay = FrameOverlay::None;  ///< Made only if `is_swiped`.
  bool is_swiped = false;
  float cam_threshold = 0;
  DepthTolerance tolerance;
  DepthSource depth_source = DepthSource::Auto;
  ClassPalette palette = ClassPalette::ScanNet;
  HeatMap heat_map = HeatMap::Viridis;
  HeatRange heat_range;
  TagSet hidden_classes;
  std::shared_ptr<const std::vector<std::uint8_t>> labels{};  ///< [N] classes of the project; may be null.
  std::vector<Color8> label_colors{};
  QStringList label_names{};
};

/// A frame ready for questions.
struct FrameAnswers {
  std::shared_ptr<const FrameProbe> probe;    ///< Point by point.
  std::shared_ptr<const FramePoints> points;  ///< By parts of the image; null where nothing can be projected.
};

/// An overlay of a frame: its picture and the value at each pixel.
struct OverlayPicture {
  FrameOverlay kind = FrameOverlay::None;
  QImage image;               ///< Covers the colour image, possibly at another resolution.
  Image<float> values;        ///< Of the same size: CAM value, class index or Visibility; NaN where there is none.
  QStringList value_names{};  ///< Of FrameOverlay::Labels: by number.
};

/// A frame ready for painting. Parts that could not be made are null; `problem` says why.
struct FramePicture {
  std::size_t frame_index = 0;
  QImage color;          ///< The base image: colours, or depth in false colours.
  Image<float> depth_m;  ///< Only with depth as the base.
  QImage overlay;
  OverlayPicture first;                  ///< The overlay with its values; its image is `overlay`.
  std::optional<OverlayPicture> second;  ///< Beyond the divider, if there is one.
  std::string problem;
  std::string note;  ///< Data that the overlay lacks, where nothing is broken.
  std::optional<std::array<std::size_t, kNumVisibilities>> reason_counts;  ///< With the occlusion overlay.
};

/// Makes pictures of frames. Caches the decoded images and projected points of the last frame, so that changing the
/// class, overlay or tolerance recomputes only what depends on it. Used by one worker thread at a time.
class FrameWorkspace {
  Q_DECLARE_TR_FUNCTIONS(FrameWorkspace)

 public:
  /// @param decoder  of images; null: they are decoded here.
  explicit FrameWorkspace(std::shared_ptr<FrameDecoder> decoder = nullptr);

  /// Errors: only Cancelled; a broken frame gives a picture with a problem.
  [[nodiscard]] Result<FramePicture> make(const FrameRequest& request, const Job& job);
  /// The frame ready for questions; without depth if there is none. Errors: Cancelled.
  [[nodiscard]] Result<FrameAnswers> answers(const FrameRequest& request, const Job& job);

 private:
  void prepare(const FrameRequest& request);
  void loadBase(const FrameRequest& request, FramePicture& picture);
  [[nodiscard]] Result<const DepthView*> depth(const FrameRequest& request);
  [[nodiscard]] Status computeFrameVisibility(const FrameRequest& request);
  [[nodiscard]] OverlayPicture overlay(const FrameRequest& request, FrameOverlay kind, FramePicture& picture);
  [[nodiscard]] OverlayPicture cam2d(const FrameRequest& request, FrameOverlay kind, FramePicture& picture) const;
  [[nodiscard]] OverlayPicture truth(const FrameRequest& request, FramePicture& picture) const;
  [[nodiscard]] OverlayPicture projected(const FrameRequest& request, FrameOverlay kind) const;
  [[nodiscard]] OverlayPicture labels(const FrameRequest& request) const;
  /// Values of points in the pixels of the frame, NaN where no visible point lies.
  [[nodiscard]] Image<float> inFrame(const std::vector<float>& values) const;
  [[nodiscard]] std::shared_ptr<const FrameProbe> probe(const FrameRequest& request);
  [[nodiscard]] OverlayPicture occlusion(FramePicture& picture) const;
  [[nodiscard]] QSize imageSize(const FramePicture& picture) const;

  std::shared_ptr<FrameDecoder> decoder_;
  SharedScene scene_;
  std::unique_ptr<ReferenceDepth> reference_;  ///< Of scene_.
  std::optional<std::size_t> frame_index_;
  std::optional<DepthView> depth_;  ///< Of the frame and the reference.
  std::optional<VisibilityResult> visibility_;
  DepthTolerance visibility_tolerance_;
  float spacing_m_ = 0;
};

}  // namespace tagscape
