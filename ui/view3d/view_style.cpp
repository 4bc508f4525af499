#include "ui/view3d/view_style.h"

#include "ui/services/layer_names.h"

#include <QColor>

#include <algorithm>

namespace tagscape {
namespace {

Eigen::Vector4f toVector(const QColor& color) {
  return {static_cast<float>(color.redF()), static_cast<float>(color.greenF()), static_cast<float>(color.blueF()), 1.F};
}

PointStyle pointStyle(const ViewContent& content, float pixel_ratio, float spacing_m) {
  const auto& [document, settings, layers] = content;
  PointStyle style;
  if (layers.has(document.layer())) style.layer = &rowOf(document.layer());
  const auto other = settings.otherLayer();
  if (other && layers.has(*other)) {
    style.other = &rowOf(*other);
    style.blend = settings.blend();
    style.other_range = shownRange(content, *other);
  }
  style.range = shownRange(content, document.layer());
  style.threshold = document.camThreshold();
  style.heat_map = document.displayStyle().heatMap();
  style.palette = document.displayStyle().palette();
  style.label_colors = document.labels().colors(style.palette);
  style.hides_truth = document.layer() == PointLayer::Truth || !layers.has(PointLayer::Prediction);
  style.hidden = document.displayStyle().hiddenClasses();
  style.clip_box_m = settings.clipBox_m();
  style.clip_plane = settings.clipPlane();
  // 1.5 closes the gaps of a grid along its diagonals.
  style.diameter_m = 1.5F * spacing_m * document.pointScale();
  style.diameter_px = settings.pointSize_px() * pixel_ratio;
  style.max_size_px = std::max(24.F, settings.pointSize_px()) * pixel_ratio;
  return style;
}

}  // namespace

HeatRange shownRange(const ViewContent& content, PointLayer layer) {
  const DisplayStyle& style = content.document.displayStyle();
  if (style.isRangeLocked() && !rowOf(layer).is_count) return style.heatRange();
  return content.layers.range(layer);
}

bool showsMesh(const Document& document) {
  return document.surface() == Surface::Mesh && document.scene() && !document.scene()->mesh.triangles.empty();
}

RenderSettings renderSettings(const ViewContent& content, const ViewState& view, float spacing_m) {
  const Document& document = content.document;
  RenderSettings settings;
  settings.clip_from_world = view.camera.clipFromWorld(view.size);
  settings.eye_m = view.camera.eyeInWorld();
  settings.near_m = view.camera.near_m();
  settings.far_m = view.camera.far_m();
  settings.px_per_unit = view.camera.focalLength_px(view.size) * view.pixel_ratio;
  settings.pixel_ratio = view.pixel_ratio;
  settings.style = pointStyle(content, view.pixel_ratio, spacing_m);
  settings.is_mesh = showsMesh(document);
  // Surfaces were scanned from inside; without back faces, rooms can be seen into from outside.
  settings.culls_back = document.scene() && !document.scene()->frames.empty();
  settings.is_eye_dome = content.settings.isEyeDome();
  settings.shows_frames = content.settings.showsFrames();
  settings.frame_index = document.frameIndex();
  const QColor bottom = view.is_dark ? QColor(27, 29, 33) : QColor(214, 219, 226);
  const QColor top = view.is_dark ? QColor(48, 52, 59) : QColor(244, 246, 248);
  settings.background = RenderSettings::Background{toVector(bottom), toVector(top)};
  return settings;
}

}  // namespace tagscape
