#pragma once

#include "core/geometry/visibility_index.h"

#include <Eigen/Core>
#include <QObject>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace tagscape {

/// A place on the scan's surface at which the user points, in the image or in the 3D view.
struct LinkedPoint {
  enum class Source : std::uint8_t { Image, Scene };

  Source source = Source::Scene;                         ///< The view with the cursor.
  Eigen::Vector3f position_m = Eigen::Vector3f::Zero();  ///< World frame.
  std::optional<std::uint32_t> row;                      ///< Of the scene's point at this place.

  bool operator==(const LinkedPoint& other) const {
    return source == other.source && position_m == other.position_m && row == other.row;
  }
};

/// A frame that sees the point in focus.
struct ObservingFrame {
  int frame_index = 0;     ///< In Scene::frames.
  float disagreement = 0;  ///< |2D CAM at its pixel - 3D CAM of the point|; NaN if the frame has no 2D CAM.
};

/// Links the views: the place under the cursor, the clicked place, and the frames that see it. Each view marks these,
/// whichever view they come from. GUI thread.
class ViewLink : public QObject {
  Q_OBJECT

 public:
  explicit ViewLink(QObject* parent = nullptr);

  [[nodiscard]] const std::optional<LinkedPoint>& hovered() const { return hovered_; }
  [[nodiscard]] const std::optional<LinkedPoint>& selected() const { return selected_; }
  /// The place in focus: the one under the cursor, otherwise the clicked one.
  [[nodiscard]] const std::optional<LinkedPoint>& focus() const { return hovered_ ? hovered_ : selected_; }
  /// Of the focus, by frame index, ascending.
  [[nodiscard]] const std::vector<ObservingFrame>& observing_frames() const { return observing_frames_; }
  /// The frame whose 2D CAM differs most from the 3D CAM of the point; nothing if no
  /// observing frame has a 2D CAM.
  [[nodiscard]] std::optional<int> mostDisagreeing() const;
  /// The nearest observing frame before (`step` < 0) or after a frame; nothing if there is none.
  [[nodiscard]] std::optional<int> observingFrameBeside(int frame_index, int step) const;

  /// Which frames of the open scene see which points, as far as indexed; null before.
  [[nodiscard]] const std::shared_ptr<const VisibilityIndex>& visibilityIndex() const { return visibility_index_; }

  void setHovered(const std::optional<LinkedPoint>& point);
  void setSelected(const std::optional<LinkedPoint>& point);
  void setObservingFrames(std::vector<ObservingFrame> observing_frames);
  /// Setting the same index again signals that it has grown.
  void setVisibilityIndex(std::shared_ptr<const VisibilityIndex> index);
  void clear();

 Q_SIGNALS:
  void hoveredChanged();
  void selectedChanged();
  void focusChanged();  ///< Emitted in addition to one of the above if the focus has changed.
  void observingFramesChanged();
  void visibilityIndexChanged();  ///< Replaced or grown.

 private:
  std::optional<LinkedPoint> hovered_;
  std::optional<LinkedPoint> selected_;
  std::vector<ObservingFrame> observing_frames_;
  std::shared_ptr<const VisibilityIndex> visibility_index_;
};

}  // namespace tagscape
