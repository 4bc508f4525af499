#pragma once

#include "core/geometry/visibility_index.h"

#include <Eigen/Core>
#include <QObject>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace tagscape {

/// A place on the scan that the user points at, in the image or in the 3D view.
struct LinkedPoint {
  enum class Source : std::uint8_t { Image, Scene };

  Source source = Source::Scene;                         ///< Where the cursor is.
  Eigen::Vector3f position_m = Eigen::Vector3f::Zero();  ///< World frame.
  std::optional<std::uint32_t> row;                      ///< Of the scene's point there.

  bool operator==(const LinkedPoint& other) const {
    return source == other.source && position_m == other.position_m && row == other.row;
  }
};

/// A frame that sees the point in question.
struct ObservingFrame {
  int frame_index = 0;     ///< In Scene::frames.
  float disagreement = 0;  ///< |2D CAM there - 3D CAM of the point|; NaN without a 2D CAM of the frame.
};

/// What links the views: the place under the cursor, the place that was clicked, and the frames that see it. Views mark
/// what they find here, whichever of them it came from. Owned by the GUI thread.
class ViewLink : public QObject {
  Q_OBJECT

 public:
  explicit ViewLink(QObject* parent = nullptr);

  [[nodiscard]] const std::optional<LinkedPoint>& hovered() const { return hovered_; }
  [[nodiscard]] const std::optional<LinkedPoint>& selected() const { return selected_; }
  /// What questions are about: the place under the cursor, else the selected one.
  [[nodiscard]] const std::optional<LinkedPoint>& focus() const { return hovered_ ? hovered_ : selected_; }
  /// Of the focus, by frame index, ascending.
  [[nodiscard]] const std::vector<ObservingFrame>& observing_frames() const { return observing_frames_; }
  /// The frame whose 2D CAM differs most from the 3D CAM of the point; nothing if no observing_frame has a 2D CAM.
  [[nodiscard]] std::optional<int> mostDisagreeing() const;
  /// The nearest observing_frame before (`step` < 0) or after a frame; nothing if there is none.
  [[nodiscard]] std::optional<int> observingFrameBeside(int frame_index, int step) const;

  /// Which frames of the open scene see which points, as far as it is known; null while nothing is.
  [[nodiscard]] const std::shared_ptr<const VisibilityIndex>& visibilityIndex() const { return visibility_index_; }

  void setHovered(const std::optional<LinkedPoint>& point);
  void setSelected(const std::optional<LinkedPoint>& point);
  void setObservingFrames(std::vector<ObservingFrame> observing_frames);
  /// The same index again tells that it has grown.
  void setVisibilityIndex(std::shared_ptr<const VisibilityIndex> index);
  void clear();

 Q_SIGNALS:
  void hoveredChanged();
  void selectedChanged();
  void focusChanged();  ///< Comes with each of the two above that changes what the focus is.
  void observingFramesChanged();
  void visibilityIndexChanged();  ///< Another one, or it has grown.

 private:
  std::optional<LinkedPoint> hovered_;
  std::optional<LinkedPoint> selected_;
  std::vector<ObservingFrame> observing_frames_;
  std::shared_ptr<const VisibilityIndex> visibility_index_;
};

}  // namespace tagscape
