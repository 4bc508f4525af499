#include "ui/view3d/scene_overlay.h"

#include "ui/render/colors.h"
#include "ui/services/layer_names.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(SceneView)
};

QString className(int class_index) {
  return QString::fromStdString(std::string(classCatalog()[static_cast<std::size_t>(class_index)].name));
}

}  // namespace

SceneOverlay::SceneOverlay(Document& document,
                           ViewSettings& settings,
                           const PointLayers& layers,
                           const ViewRenderer& renderer)
    : document_(document), settings_(settings), layers_(layers), renderer_(renderer) {}

void SceneOverlay::draw(const ViewState& view) {
  const OverlayContent before = content(view.is_moving);
  const QSize size(view.size.width_px, view.size.height_px);
  apply(before, overlay_.draw(before, size, static_cast<double>(view.pixel_ratio), view.is_dark));
}

void SceneOverlay::findShownClasses() {
  shown_classes_.reset();
  const auto note = [this](PointLayer layer) {
    if (rowOf(layer).colors != LayerColors::Classes) return;
    for (const std::uint8_t label : layers_.column(layer).bytes) {
      if (label < kNumClasses) shown_classes_.set(label);
    }
  };
  note(document_.layer());
  if (settings_.otherLayer()) note(*settings_.otherLayer());
}

OverlayContent SceneOverlay::content(bool is_moving) const {
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
  content.range = shownRange({document_, settings_, layers_}, layer);
  content.is_count = row.is_count;
  content.is_range_locked = document_.displayStyle().isRangeLocked();
  content.note = layers_.note(layer).toStdString();
  if (layer == PointLayer::Superpoints && content.note.empty()) content.note = layers_.superpointSource().toStdString();
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
  content.frames_per_s = renderer_.budget().framesPerSecond();
  content.num_points = renderer_.numPoints();
  if (const SceneRenderer* scene = renderer_.scene()) {
    content.num_shown = std::min(scene->numShown(), content.num_points);
    content.num_in_view = scene->numInView();
  }
  content.is_refining = renderer_.isRefining();
  if (showsMesh(document_) && !is_moving) content.num_triangles = document_.scene()->mesh.triangles.size();
  content.hovered = hoverLines();
  return content;
}

void SceneOverlay::addLegend(OverlayContent& content, PointLayer layer) const {
  if (!layers_.has(layer)) return;
  const auto add = [&](const QString& text, const Rgb8& rgb) { content.legend.push_back({text.toStdString(), rgb}); };
  const ColorLayer& row = rowOf(layer);
  const bool is_first = content.legend.empty();
  for (int c = 0; row.colors == LayerColors::Classes && is_first && c < kNumClasses; ++c) {
    if (!shown_classes_.test(static_cast<std::size_t>(c))) continue;
    const bool hidden = !document_.displayStyle().isShown(static_cast<std::size_t>(c));
    add(hidden ? Words::tr("%1 (hidden)").arg(className(c)) : className(c),
        classColors(document_.displayStyle().palette())[static_cast<std::size_t>(c)]);
  }
  if (row.colors == LayerColors::Labels && is_first) {
    const ShownLabels& labels = document_.labels();
    const auto colors = labels.colors(document_.displayStyle().palette());
    for (std::size_t c = 0; c < colors.size(); ++c) {
      const auto label = static_cast<std::uint8_t>(c);
      if (labels.layer()->count(label) > 0) add(labels.nameOf(label), colors[c]);
    }
  }
  if (row.kinds) {
    for (const LegendEntry& kind : row.kinds()) add(kind.text, kind.color);
  }
  if (row.no_value) add(row.no_value().text, row.no_value().color);
}

std::vector<std::string> SceneOverlay::hoverLines() const {
  if (!hovered_ || !document_.scene()) return {};
  const std::size_t point = *hovered_;
  std::vector<std::string> lines;
  const auto add = [&](const QString& line) { lines.push_back(line.toStdString()); };
  const Eigen::Vector3f& at = document_.scene()->points().positions_m[point];
  add(Words::tr("Point %1 (%2, %3, %4 m)")
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
  if (const LabelLayer* layer = document_.labels().layer(); layer && point < layer->size()) {
    const LabelValue value = layer->at(point);
    const QString name_of_label = document_.labels().nameOf(value.label);
    add(value.instance == 0 ? Words::tr("Label: %1").arg(name_of_label)
                            : Words::tr("Label: %1, object %2").arg(name_of_label).arg(value.instance));
  }
  addHints(true);  // The class comes before the numbers.
  addHints(false);
  return lines;
}

void SceneOverlay::apply(const OverlayContent& before, const OverlayContent& after) {
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
