#include "ui/view3d/scene_tool_view.h"

#include "ui/view3d/marker_layer.h"
#include "ui/view3d/scene_view.h"

namespace tagscape {

const QWidget& SceneToolView::widget() const { return view_; }

bool SceneToolView::hasControlAt(QPointF position) const { return view_.overlay().covers(position); }

std::optional<QPointF> SceneToolView::project(const Eigen::Vector3f& position_m) const {
  const auto at = view_.camera().project(position_m, view_.viewSize());
  if (!at) return std::nullopt;
  return QPointF(static_cast<double>(at->x()), static_cast<double>(at->y()));
}

std::optional<Eigen::Vector3f> SceneToolView::surfaceAt(QPointF position) { return view_.picker().surfaceAt(position); }

std::optional<std::size_t> SceneToolView::pointAt(QPointF position) { return view_.picker().pointAt(position); }

std::vector<std::uint32_t> SceneToolView::pointsIn(const QPolygonF& outline) {
  return view_.picker().pointsIn(outline);
}

std::vector<std::uint32_t> SceneToolView::pointsThrough(const QPolygonF& outline) {
  return view_.picker().pointsThrough(outline);
}

void SceneToolView::hold() {
  if (view_.picker().isHeld()) return;
  view_.completePicture();
  view_.picker().hold();
}

void SceneToolView::repaint() { view_.markers().update(); }

}  // namespace tagscape
