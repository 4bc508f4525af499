#pragma once

#include <Eigen/Core>
#include <QColor>
#include <QPointF>
#include <QWidget>

#include <optional>
#include <vector>

class QPainter;

namespace tagscape {

class SceneView;

/// A place of the scan as the 3D view marks it.
struct SceneMarker {
  Eigen::Vector3f position_m = Eigen::Vector3f::Zero();  ///< World frame.
  QColor color;
  QString text;         ///< Beside it; may be empty.
  bool is_seen = true;  ///< Otherwise it is drawn broken: the current frame does not see the place.
  bool is_selection = false;
};

/// Lies over the 3D view, lets all events through, and draws markers where the view's camera sees their places, and
/// what the tools paint. Follows the camera. Moving a marker costs no points.
class MarkerLayer : public QWidget {
  Q_OBJECT

 public:
  explicit MarkerLayer(SceneView& view);

  void setMarkers(std::vector<SceneMarker> markers);
  /// Points that are marked with a dot each, m, world frame; a part of them where they are very many.
  void setDots(std::vector<Eigen::Vector3f> dots_m);
  [[nodiscard]] const std::vector<Eigen::Vector3f>& dots_m() const { return dots_m_; }
  [[nodiscard]] const std::vector<SceneMarker>& markers() const { return markers_; }
  /// Where a marker is drawn, in pixels of the view; nothing if it is behind the eye.
  [[nodiscard]] std::optional<QPointF> placeOf(const SceneMarker& marker) const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void follow();
  void paintDots(QPainter& painter) const;

  SceneView& view_;
  std::vector<SceneMarker> markers_;
  std::vector<Eigen::Vector3f> dots_m_;
  bool dots_moved_ = false;
  std::vector<std::optional<QPointF>> drawn_;  // Where they were painted last.
};

}  // namespace tagscape
