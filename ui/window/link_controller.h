#pragma once

#include "core/geometry/frame_probe.h"
#include "core/geometry/point_lookup.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"
#include "ui/services/observing_frame_finder.h"

#include <QObject>
#include <QPointF>

#include <memory>

namespace tagscape {

class FrameController;
class ImagePanel;
class MarkerLayer;
class SceneView;

/// Links the image and the 3D view: what a hand points at in one is marked in the other, with what the depth test says
/// of it; a click keeps the place marked in both.
class LinkController : public QObject {
  Q_OBJECT

 public:
  /// All must outlive this.
  LinkController(Document& document,
                 FrameController& frames,
                 SceneView& scene_view,
                 ImagePanel& image_panel,
                 QObject* parent = nullptr);

  [[nodiscard]] const MarkerLayer& markerLayer() const { return *markers_; }
  [[nodiscard]] MarkerLayer& markerLayer() { return *markers_; }
  [[nodiscard]] const ObservingFrameFinder& observing_frames() const { return observing_frames_; }
  /// Whether places can be looked up in the open scene.
  [[nodiscard]] bool isReady() const { return lookup_ != nullptr; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void indexScene();
  [[nodiscard]] std::optional<LinkedPoint> placeInImage(QPointF pixel) const;
  void hoverImage(QPointF pixel);
  [[nodiscard]] std::optional<LinkedPoint> placeInScene(QPointF position);
  [[nodiscard]] LinkedPoint linked(LinkedPoint::Source source, const Eigen::Vector3f& position_m) const;
  void showMarkers();
  [[nodiscard]] PointVisibility visibilityOf(const LinkedPoint& point) const;
  [[nodiscard]] QString placeText(const LinkedPoint& point, const PointVisibility& visibility) const;

  Document& document_;
  FrameController& frames_;
  SceneView& scene_view_;
  ImagePanel& image_panel_;
  MarkerLayer* markers_;
  ObservingFrameFinder observing_frames_;
  SharedScene lookup_scene_;
  std::shared_ptr<const PointLookup> lookup_;  // Of lookup_scene_.
  QPointF pressed_;
  bool presses_overlay_ = false;
  JobRunner runner_{JobRunner::Priority::Low};  ///< Points at rest are found after they are seen.
};

}  // namespace tagscape
