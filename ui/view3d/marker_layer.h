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

/// A marker of a place in the 3D view.
struct SceneMarker {
  Eigen::Vector3f position_m = Eigen::Vector3f::Zero();  ///< World frame.
  QColor color;
  QString text;         ///< Shown beside it; may be empty.
  bool is_seen = true;  ///< By the current frame; otherwise drawn with a broken outline.
  bool is_selection = false;
};

/// A layer over the 3D view that draws markers, following the camera, and the tools' painting. Passes all events
/// through. Moving a marker does not redraw the points.
class MarkerLayer : public QWidget {
  Q_OBJECT

 public:
  explicit MarkerLayer(SceneView& view);

  void setMarkers(std::vector<SceneMarker> markers);
  /// Points marked with a dot each, m, world frame; of very many only a part is drawn.
  void setDots(std::vector<Eigen::Vector3f> dots_m);
  [[nodiscard]] const std::vector<Eigen::Vector3f>& dots_m() const { return dots_m_; }
  [[nodiscard]] const std::vector<SceneMarker>& markers() const { return markers_; }
  /// The position of a marker in the view; nothing if it is behind the camera.
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
