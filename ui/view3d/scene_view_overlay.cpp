// What SceneView's overlay tells, and what it lets change.

#include "ui/render/colors.h"
#include "ui/services/layer_names.h"
#include "ui/view3d/scene_view.h"

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

QString className(int class_index) {
  return QString::fromStdString(std::string(classCatalog()[static_cast<std::size_t>(class_index)].name));
}

}  // namespace

void SceneView::drawOverlay() {
  const OverlayContent before = overlayContent();
  const OverlayContent after = overlay_.draw(before, size(), devicePixelRatioF(), isDark());
  applyOverlay(before, after);
  if (overlay_repaints_ > 0) {
    --overlay_repaints_;
    update();
  }
}

OverlayContent SceneView::overlayContent() const {
  OverlayContent content;
  const PointLayer layer = document_.layer();
  const QString name = className(document_.classIndex());
  content.title = layerTitle(layer, name).toStdString();
  const ColorLayer& row = rowOf(layer);
  content.shows_swatch = row.is_of_class;
  content.swatch = classColors(document_.displayStyle().palette())[static_cast<std::size_t>(document_.classIndex())];
  content.shows_heat = row.isHeat() && layers_.has(layer);
  content.shows_threshold = row.has_threshold && content.shows_heat;
  content.heat_map = document_.displayStyle().heatMap();
  content.range = rangeOf(layer);
  content.is_count = row.is_count;
  content.is_range_locked = document_.displayStyle().isRangeLocked();
  content.note = layers_.note(layer).toStdString();
  if (layer == PointLayer::Segment && content.note.empty()) content.note = layers_.segmentSource().toStdString();
  addLegend(content, layer);
  if (const auto other = settings_.otherLayer()) {
    content.title += " + " + layerTitle(*other, name).toStdString();
    content.shows_blend = true;
    content.blend = settings_.blend();
    if (content.note.empty()) content.note = layers_.note(*other).toStdString();
    addLegend(content, *other);
    content.shows_threshold = content.shows_threshold || (content.shows_heat && rowOf(*other).has_threshold);
  }
  content.cam_threshold = document_.camThreshold();
  content.tolerance_m = document_.tolerance_m();
  content.point_scale = document_.pointScale();
  content.frames_per_s = smooth_frame_s_ > 0 ? 1 / smooth_frame_s_ : 0;
  content.num_points = numPoints();
  content.num_shown = std::min(numShown(), content.num_points);
  content.num_in_view = renderer_ ? renderer_->numInView() : 0;
  content.is_refining = is_refining_;
  if (showsMesh() && !isMoving()) content.num_triangles = document_.scene()->mesh.triangles.size();
  content.hovered = hoverLines();
  return content;
}

void SceneView::addLegend(OverlayContent& content, PointLayer layer) const {
  if (!layers_.has(layer)) return;
  const auto add = [&](const QString& text, const Rgb8& rgb) { content.legend.push_back({text.toStdString(), rgb}); };
  const ColorLayer& row = rowOf(layer);
  const bool is_first = content.legend.empty();
  for (int c = 0; row.colors == LayerColors::Classes && is_first && c < kNumClasses; ++c) {
    if (!shown_classes_.test(static_cast<std::size_t>(c))) continue;
    const bool hidden = !document_.displayStyle().isShown(static_cast<std::size_t>(c));
    add(hidden ? tr("%1 (hidden)").arg(className(c)) : className(c),
        classColors(document_.displayStyle().palette())[static_cast<std::size_t>(c)]);
  }
  if (row.kinds) {
    for (const LegendEntry& kind : row.kinds()) add(kind.text, kind.color);
  }
  if (row.no_value) add(row.no_value().text, row.no_value().color);
}

std::vector<std::string> SceneView::hoverLines() const {
  if (!hovered_point_ || !document_.scene()) return {};
  const std::size_t point = *hovered_point_;
  std::vector<std::string> lines;
  const auto add = [&](const QString& line) { lines.push_back(line.toStdString()); };
  const Eigen::Vector3f& at = document_.scene()->points().positions_m[point];
  add(tr("Point %1 (%2, %3, %4 m)")
          .arg(point)
          .arg(static_cast<double>(at.x()), 0, 'f', 2)
          .arg(static_cast<double>(at.y()), 0, 'f', 2)
          .arg(static_cast<double>(at.z()), 0, 'f', 2));
  const QString name = className(document_.classIndex());
  const auto addHints = [&](bool of_classes) {
    for (const ColorLayer& row : colorLayers()) {
      if (!row.hint || (row.colors == LayerColors::Classes) != of_classes) continue;
      const ColumnData& column = layers_.column({row.id});
      if (point < std::max(column.bytes.size(), column.values.size())) add(row.hint({column, point, name}));
    }
  };
  addHints(true);  // What the point is comes before the numbers.
  addHints(false);
  return lines;
}

void SceneView::applyOverlay(const OverlayContent& before, const OverlayContent& after) {
  if (after.cam_threshold != before.cam_threshold) document_.setCamThreshold(after.cam_threshold);
  if (std::abs(after.tolerance_m - before.tolerance_m) > 1e-5F) document_.setTolerance_m(after.tolerance_m);
  if (after.point_scale != before.point_scale) document_.setPointScale(after.point_scale);
  if (after.blend != before.blend) settings_.setBlend(after.blend);
  if (after.is_range_locked == before.is_range_locked) return;
  if (after.is_range_locked) {
    document_.displayStyle().lockRange(before.range.low, before.range.high);
  } else {
    document_.displayStyle().unlockRange();
  }
}

}  // namespace tagscape
