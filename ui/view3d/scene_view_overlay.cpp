// What SceneView's overlay tells, and what it lets change.

#include "ui/render/colors.h"
#include "ui/services/layer_names.h"
#include "ui/view3d/scene_view.h"

#include <QLocale>

#include <cmath>

namespace tagscape {
namespace {

QString className(int class_index) {
  return QString::fromStdString(std::string(classCatalog()[static_cast<std::size_t>(class_index)].name));
}

QString labelName(std::span<const std::uint8_t> labels, std::size_t point) {
  return point < labels.size() && labels[point] < kNumClasses ? className(labels[point]) : QStringLiteral("–");
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
  const PointColoring coloring = coloringOf(layer);
  content.shows_swatch = hasThreshold(coloring) || layer == PointLayer::Disagreement;
  content.swatch = classColors(document_.displayStyle().palette())[static_cast<std::size_t>(document_.classIndex())];
  content.shows_heat = isHeat(coloring) && layers_.has(layer);
  content.shows_threshold = hasThreshold(coloring) && content.shows_heat;
  content.heat_map = document_.displayStyle().heatMap();
  content.range = rangeOf(layer);
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
    content.shows_threshold = content.shows_threshold || (content.shows_heat && hasThreshold(coloringOf(*other)));
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
  if (layer == PointLayer::Prediction || layer == PointLayer::Truth) {
    const bool is_first = content.legend.empty();
    for (int c = 0; is_first && c < kNumClasses; ++c) {
      if (!shown_classes_.test(static_cast<std::size_t>(c))) continue;
      const bool hidden = !document_.displayStyle().isShown(static_cast<std::size_t>(c));
      add(hidden ? tr("%1 (hidden)").arg(className(c)) : className(c),
          classColors(document_.displayStyle().palette())[static_cast<std::size_t>(c)]);
    }
  }
  if (layer == PointLayer::Reason) {
    for (int i = 0; i < kNumVisibilities; ++i) {
      const auto reason = static_cast<Visibility>(i);
      add(reasonText(reason), reasonColor(reason));
    }
  }
  if (layer == PointLayer::Error) {
    add(tr("right"), kRightRgb);
    add(tr("wrong"), kWrongRgb);
  }
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
  if (layers_.has(PointLayer::Prediction))
    add(tr("Predicted: %1").arg(labelName(layers_.bytes(PointColumn::Prediction), point)));
  if (layers_.has(PointLayer::Truth)) add(tr("True: %1").arg(labelName(document_.scene()->point_labels, point)));
  const auto addValue = [&](const QString& name, std::span<const std::uint16_t> values) {
    if (point >= values.size()) return;
    add(values[point] == kUnseenValue
            ? tr("%1: no frame sees it").arg(name)
            : tr("%1: %2").arg(name, QLocale().toString(static_cast<double>(values[point]) / kFullValue, 'f', 2)));
  };
  const QString name = className(document_.classIndex());
  addValue(tr("3D CAM of %1").arg(name), layers_.values(PointColumn::Cam));
  addValue(tr("2D CAM, lifted"), layers_.values(PointColumn::Lifted));
  const auto confidence = layers_.bytes(PointColumn::Confidence);
  if (point < confidence.size()) add(tr("Confidence: %1").arg(QLocale().toString(confidence[point] / 255., 'f', 2)));
  const auto reasons = layers_.bytes(PointColumn::Reason);
  if (point < reasons.size()) add(tr("This frame: %1").arg(reasonText(static_cast<Visibility>(reasons[point]))));
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
