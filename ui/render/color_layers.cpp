#include "ui/render/color_layers.h"

#include "ui/render/colors.h"
#include "ui/render/point_cloud_renderer.h"
#include "ui/render/visibility_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <stdexcept>

namespace tagscape {
namespace {

/// Texts of layers in the user's language.
struct LayerWords {
  Q_DECLARE_TR_FUNCTIONS(Layers)
};

QString classNameAt(const LayerHint& hint) {
  const std::size_t label = hint.column.bytes[hint.point];
  if (label >= kNumClasses) return QStringLiteral("–");
  return QString::fromStdString(std::string(classCatalog()[label].name));
}

QString withValue(const QString& name, const LayerHint& hint) {
  const std::uint16_t value = hint.column.values[hint.point];
  if (value == kUnseenValue) return LayerWords::tr("%1: outside all frames").arg(name);
  return LayerWords::tr("%1: %2").arg(name, QLocale().toString(static_cast<double>(value) / kFullValue, 'f', 2));
}

ColumnData viewOf(const ValueColumn& column, std::shared_ptr<const void> owner) {
  return {.values = column.values, .owner = std::move(owner)};
}

std::vector<LegendEntry> visibilityKinds() {
  std::vector<LegendEntry> kinds;
  for (int i = 0; i < kNumVisibilities; ++i)
    kinds.push_back({visibilityText(static_cast<Visibility>(i)), reasonColor(static_cast<Visibility>(i))});
  return kinds;
}

/// kUnseenValue for a point that no indexed frame sees while others are not indexed yet.
ColumnData observingFrameCounts(const LayerInputs& in) {
  const bool is_complete = in.visibility_index->numKnown() == in.visibility_index->numFrames();
  auto counts = std::make_shared<std::vector<std::uint16_t>>(in.visibility_index->counts());
  if (!is_complete) std::replace(counts->begin(), counts->end(), std::uint16_t{0}, kUnseenValue);
  return {.values = *counts, .owner = counts};
}

/// Over the points that any frame sees.
HeatRange rangeOfCounts(const LayerInputs&, const ColumnData& column) {
  std::uint16_t low = kUnseenValue, high = 0;
  for (const std::uint16_t count : column.values) {
    if (count == 0 || count == kUnseenValue) continue;
    low = std::min(low, count);
    high = std::max(high, count);
  }
  return high == 0 ? HeatRange() : HeatRange{static_cast<float>(low), static_cast<float>(high)};
}

// The order is that of menus and lists. To add a layer, add its row here and its part in shaders/layers.
constexpr auto kLayers = std::to_array<ColorLayer>({
    {.id = "rgb",
     .name = QT_TRANSLATE_NOOP("Layers", "Colour"),
     .menu_text = QT_TRANSLATE_NOOP("Layers", "&Colour"),
     .key = "R",
     .action = "layerRgb",
     .menu = LayerMenu::View},
    {.id = "cam",
     .name = QT_TRANSLATE_NOOP("Layers", "3D CAM"),
     .menu_text = QT_TRANSLATE_NOOP("Layers", "3D C&AM of the class"),
     .key = "C",
     .action = "layerCam",
     .menu = LayerMenu::View,
     .needs = {LayerNeed::Prediction},
     .is_of_class = true,
     .column = {.attribute = "a_cam",
                .bytes_a_point = 2,
                .data = [](const LayerInputs& in) { return viewOf(in.cams->cam[in.class_index], in.cams); }},
     .colors = LayerColors::Heat,
     .has_threshold = true,
     .hint =
         [](const LayerHint& hint) { return withValue(LayerWords::tr("3D CAM of %1").arg(hint.class_name), hint); }},
    {.id = "prediction",
     .name = QT_TRANSLATE_NOOP("Layers", "Prediction"),
     .menu_text = QT_TRANSLATE_NOOP("Layers", "&Prediction"),
     .key = "P",
     .action = "layerPrediction",
     .menu = LayerMenu::View,
     .needs = {LayerNeed::Prediction},
     .column = {.attribute = "a_prediction",
                .data =
                    [](const LayerInputs& in) {
                      return ColumnData{.bytes = in.predicted->point_labels, .owner = in.predicted};
                    }},
     .colors = LayerColors::Classes,
     .hint = [](const LayerHint& hint) { return LayerWords::tr("Predicted: %1").arg(classNameAt(hint)); }},
    {.id = "truth",
     .name = QT_TRANSLATE_NOOP("Layers", "Ground truth"),
     .menu_text = QT_TRANSLATE_NOOP("Layers", "&Ground truth"),
     .key = "G",
     .action = "layerTruth",
     .menu = LayerMenu::View,
     .needs = {LayerNeed::Truth},
     .column = {.attribute = "a_truth",
                .bytes_a_point = 0,
                .data = [](const LayerInputs& in) { return ColumnData{.bytes = in.truth}; }},
     .colors = LayerColors::Classes,
     .hint = [](const LayerHint& hint) { return LayerWords::tr("True: %1").arg(classNameAt(hint)); }},
    {.id = "lifted",
     .name = QT_TRANSLATE_NOOP("Layers", "2D CAM projected to 3D"),
     .key = "Shift+C",
     .action = "layerLifted",
     .needs = {LayerNeed::LiftedCams},
     .is_of_class = true,
     .column = {.attribute = "a_lifted",
                .bytes_a_point = 2,
                .where_empty = kUnseenValue,
                .data = [](const LayerInputs& in) { return viewOf((*in.lifted)[in.class_index], in.lifted); }},
     .colors = LayerColors::Heat,
     .has_threshold = true,
     .hint = [](const LayerHint& hint) { return withValue(LayerWords::tr("2D CAM projected to 3D"), hint); }},
    {.id = "disagreement",
     .name = QT_TRANSLATE_NOOP("Layers", "Disagreement"),
     .key = "Shift+D",
     .action = "layerDisagreement",
     .needs = {LayerNeed::LiftedCams, LayerNeed::Prediction},
     .is_of_class = true,
     .also_reads = {"cam", "lifted"},
     .colors = LayerColors::Heat,
     .range =
         [](const LayerInputs& in, const ColumnData&) {
           const HeatRange extent = disagreementExtent(in.cams->cam[in.class_index], (*in.lifted)[in.class_index]);
           return HeatRange{0, std::max(0.01F, extent.high)};
         }},
    {.id = "confidence",
     .name = QT_TRANSLATE_NOOP("Layers", "Confidence"),
     .key = "Shift+P",
     .action = "layerConfidence",
     .needs = {LayerNeed::Prediction},
     .column = {.attribute = "a_confidence",
                .data =
                    [](const LayerInputs& in) { return ColumnData{.bytes = in.cams->confidence, .owner = in.cams}; }},
     .also_reads = {"prediction"},
     .colors = LayerColors::Heat,
     .hint =
         [](const LayerHint& hint) {
           return LayerWords::tr("Confidence: %1")
               .arg(QLocale().toString(hint.column.bytes[hint.point] / 255., 'f', 2));
         }},
    {.id = "occlusion",
     .name = QT_TRANSLATE_NOOP("Layers", "Occlusion"),
     .key = "V",
     .action = "layerReason",
     .needs = {LayerNeed::FrameVisibility},
     .column = {.attribute = "a_visibility",
                .data = [](const LayerInputs& in) { return ColumnData{.bytes = in.visibilities}; }},
     .colors = LayerColors::Kinds,
     .kinds = visibilityKinds,
     .hint =
         [](const LayerHint& hint) {
           const auto visibility = static_cast<Visibility>(hint.column.bytes[hint.point]);
           return LayerWords::tr("This frame: %1").arg(visibilityText(visibility));
         }},
    {.id = "error",
     .name = QT_TRANSLATE_NOOP("Layers", "Error"),
     .key = "X",
     .action = "layerError",
     .needs = {LayerNeed::Truth, LayerNeed::Prediction},
     .also_reads = {"prediction"},
     .colors = LayerColors::Kinds,
     .kinds =
         [] {
           return std::vector<LegendEntry>{{LayerWords::tr("right"), kRightRgb}, {LayerWords::tr("wrong"), kWrongRgb}};
         }},
    {.id = "superpoints",
     .name = QT_TRANSLATE_NOOP("Layers", "Superpoints"),
     .key = "Shift+S",
     .action = "layerSuperpoints",
     .needs = {LayerNeed::Superpoints},
     .column = {.attribute = "a_superpoint",
                .data = [](const LayerInputs& in) { return ColumnData{.bytes = in.superpoint_rows}; }},
     .colors = LayerColors::Numbers},
    {.id = "observing-frames",
     .name = QT_TRANSLATE_NOOP("Layers", "Observing frames"),
     .key = "Shift+V",
     .action = "layerObservingFrames",
     .needs = {LayerNeed::VisibilityIndex},
     .column = {.attribute = "a_observing_frames", .bytes_a_point = 2, .data = observingFrameCounts},
     .colors = LayerColors::Heat,
     .is_count = true,
     .range = rangeOfCounts,
     .no_value =
         [] {
           return LegendEntry{LayerWords::tr("seen by no frame"), {214, 120, 190}};
         },
     .hint =
         [](const LayerHint& hint) {
           const std::uint16_t count = hint.column.values[hint.point];
           return LayerWords::tr("Observing frames: %1").arg(count == kUnseenValue ? 0 : count);
         }},
    {.id = "labels",
     .name = QT_TRANSLATE_NOOP("Layers", "Labels"),
     .menu_text = QT_TRANSLATE_NOOP("Layers", "&Labels of the project"),
     .key = "Shift+L",
     .action = "layerLabels",
     .menu = LayerMenu::View,
     .needs = {LayerNeed::Labels},
     .column = {.attribute = "a_label", .data = [](const LayerInputs& in) { return ColumnData{.bytes = in.labels}; }},
     .colors = LayerColors::Labels},
    {.id = "coverage",
     .name = QT_TRANSLATE_NOOP("Layers", "Who labelled"),
     .key = "Shift+W",
     .action = "layerCoverage",
     .needs = {LayerNeed::Labels},
     .column = {.attribute = "a_coverage",
                .data = [](const LayerInputs& in) { return ColumnData{.bytes = in.coverage}; }},
     .colors = LayerColors::Kinds,
     .kinds =
         [] {
           return std::vector<LegendEntry>{{LayerWords::tr("no label"), {214, 120, 190}},
                                           {LayerWords::tr("a machine"), {237, 168, 60}},
                                           {LayerWords::tr("a person"), {70, 150, 90}}};
         }},
    {.id = "instances",
     .name = QT_TRANSLATE_NOOP("Layers", "Objects"),
     .key = "Shift+I",
     .action = "layerInstances",
     .needs = {LayerNeed::Labels},
     .column = {.attribute = "a_instance",
                .data = [](const LayerInputs& in) { return ColumnData{.bytes = in.instance_rows}; }},
     .colors = LayerColors::Numbers},
});

}  // namespace

std::span<const ColorLayer> colorLayers() { return kLayers; }

const ColorLayer& ownColors() { return kLayers.front(); }

const ColorLayer* findColorLayer(std::string_view id) {
  const auto found = std::find_if(kLayers.begin(), kLayers.end(), [&](const ColorLayer& row) { return row.id == id; });
  return found == kLayers.end() ? nullptr : &*found;
}

const ColorLayer& colorLayer(std::string_view id) {
  const ColorLayer* found = findColorLayer(id);
  if (!found) throw std::logic_error("There is no colour layer " + std::string(id));
  return *found;
}

std::vector<const ColorLayer*> columnsReadBy(const ColorLayer& layer) {
  std::vector<const ColorLayer*> read;
  if (layer.hasColumn()) read.push_back(&layer);
  for (const std::string_view id : layer.also_reads) {
    if (!id.empty()) read.push_back(&colorLayer(id));
  }
  return read;
}

QString titleOf(const ColorLayer& layer, const QString& class_name) {
  const QString title = LayerWords::tr(layer.name);
  return layer.is_of_class && !class_name.isEmpty() ? title + QStringLiteral(" · ") + class_name : title;
}

QString menuTextOf(const ColorLayer& layer) { return LayerWords::tr(layer.menu_text ? layer.menu_text : layer.name); }

QString colorLayerIds() {
  QStringList ids;
  for (const ColorLayer& layer : kLayers)
    ids += QString::fromLatin1(layer.id.data(), static_cast<int>(layer.id.size()));
  return ids.join(QStringLiteral(", "));
}

}  // namespace tagscape
