#pragma once

#include "core/geometry/frame_probe.h"
#include "ui/models/document.h"
#include "ui/services/observing_frame_finder.h"

#include <QObject>
#include <QPointF>

namespace tagscape {

class FrameController;
class ImagePanel;
class MarkerLayer;

/// Links the image and the 3D view: the place under the cursor in one is marked in the other, with its visibility; a
/// clicked place stays marked in both. Follows ViewLink, which the tools set.
class LinkController : public QObject {
  Q_OBJECT

 public:
  /// All must outlive this object.
  LinkController(Document& document,
                 FrameController& frames,
                 MarkerLayer& scene_markers,
                 ImagePanel& image_panel,
                 QObject* parent = nullptr);

  [[nodiscard]] const ObservingFrameFinder& observing_frames() const { return observing_frames_; }

 private:
  void explainMiss(QPointF pixel);
  void showMarkers();
  [[nodiscard]] PointVisibility visibilityOf(const LinkedPoint& point) const;
  [[nodiscard]] QString placeText(const LinkedPoint& point, const PointVisibility& visibility) const;

  Document& document_;
  FrameController& frames_;
  MarkerLayer& scene_markers_;
  ImagePanel& image_panel_;
  ObservingFrameFinder observing_frames_;
};

}  // namespace tagscape
