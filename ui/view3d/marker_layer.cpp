#include "ui/view3d/marker_layer.h"

#include "ui/render/marker_painter.h"
#include "ui/view3d/scene_view.h"

#include <QEvent>
#include <QPainter>

#include <utility>

namespace tagscape {

MarkerLayer::MarkerLayer(SceneView& view) : QWidget(&view), view_(view) {
  setObjectName("markerLayer");
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setAttribute(Qt::WA_NoSystemBackground);
  setFocusPolicy(Qt::NoFocus);
  resize(view.size());
  view.installEventFilter(this);
  connect(&view, &QOpenGLWidget::frameSwapped, this, &MarkerLayer::follow);
  connect(&view, &SceneView::cameraMoved, this, [this] { dots_moved_ = !dots_m_.empty(); });
}

void MarkerLayer::setMarkers(std::vector<SceneMarker> markers) {
  if (markers.empty() && markers_.empty()) return;
  markers_ = std::move(markers);
  update();
}

void MarkerLayer::setDots(std::vector<Eigen::Vector3f> dots_m) {
  if (dots_m.empty() && dots_m_.empty()) return;
  dots_m_ = std::move(dots_m);
  update();
}

void MarkerLayer::paintDots(QPainter& painter) const {
  QList<QPointF> places;
  for (const Eigen::Vector3f& dot : dots_m_) {
    if (const auto at = view_.camera().project(dot, view_.viewSize()))
      places.emplace_back(static_cast<double>(at->x()), static_cast<double>(at->y()));
  }
  tagscape::paintDots(painter, places);
}

std::optional<QPointF> MarkerLayer::placeOf(const SceneMarker& marker) const {
  const auto place = view_.camera().project(marker.position_m, view_.viewSize());
  if (!place) return std::nullopt;
  return QPointF(static_cast<double>(place->x()), static_cast<double>(place->y()));
}

void MarkerLayer::follow() {
  std::vector<std::optional<QPointF>> places;
  for (const SceneMarker& marker : markers_) places.push_back(placeOf(marker));
  if (places != drawn_ || std::exchange(dots_moved_, false)) update();
}

bool MarkerLayer::eventFilter(QObject*, QEvent* event) {
  if (event->type() == QEvent::Resize) resize(view_.size());
  return false;
}

void MarkerLayer::paintEvent(QPaintEvent*) {
  drawn_.clear();
  QPainter painter(this);
  if (!dots_m_.empty()) paintDots(painter);
  painter.setRenderHint(QPainter::Antialiasing);
  for (const SceneMarker& marker : markers_) {
    const auto place = drawn_.emplace_back(placeOf(marker));
    if (!place) continue;
    paintMarker(painter, *place, {marker.color, marker.text, marker.is_seen, marker.is_selection}, width());
  }
  view_.tools().paint(painter);
}

}  // namespace tagscape
