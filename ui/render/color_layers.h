#pragma once

#include "core/geometry/visibility_index.h"
#include "ui/render/point_columns.h"
#include "ui/render/point_style.h"

#include <QString>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace tagscape {

// The table of colour layers of the 3D view. A layer is its row in color_layers.cpp and shaders/layers/<id>.glsl, which
// finds the colour of a point. Menus, keys, the panel, the legend, `--layer`, the columns on the GPU and the shader are
// derived from these two.

/// The data that a layer needs. PointLayers computes it and reports what is missing.
enum class LayerNeed : std::uint8_t {
  Nothing,
  Truth,            ///< Annotated classes of the points.
  Prediction,       ///< Predicted classes and 3D CAMs.
  LiftedCams,       ///< 2D CAMs of all frames, lifted to the points.
  FrameVisibility,  ///< Which points the current frame sees.
  Superpoints,      ///< Computed, or those of the scan's own file.
  VisibilityIndex,  ///< Which frames see which points, as far as indexed.
  Labels,           ///< Those being edited.
};

/// The inputs of layers, null or empty where not available. N points in the order of the cloud.
struct LayerInputs {
  std::span<const std::uint8_t> truth;                      ///< [N] classes.
  std::shared_ptr<const SceneCams> predicted;               ///< Classes of the points.
  std::shared_ptr<const CamColumns> cams;                   ///< Their 3D CAMs, packed.
  std::shared_ptr<const ClassColumns> lifted;               ///< Lifted 2D CAMs.
  std::span<const std::uint8_t> visibilities;               ///< [N] Visibility in the current frame.
  std::span<const std::uint8_t> superpoint_rows;            ///< [N] rows of 256 colours.
  std::shared_ptr<const VisibilityIndex> visibility_index;  ///< May grow while being read.
  std::size_t class_index = 0;                              ///< The selected class.
  std::span<const std::uint8_t> labels;                     ///< [N] classes of the project.
  std::span<const std::uint8_t> coverage;                   ///< [N] who labelled them: LabelCoverage.
  std::span<const std::uint8_t> instance_rows;              ///< [N] rows of 256 colours, 0 for no instance.
};

/// Who labelled a point.
enum class LabelCoverage : std::uint8_t { Nobody, Machine, Person };

/// One 8-bit or 16-bit number per point: a view of the inputs or of the data held by `owner`.
struct ColumnData {
  std::span<const std::uint8_t> bytes{};
  std::span<const std::uint16_t> values{};
  std::shared_ptr<const void> owner{};  ///< Null for a view of the inputs.
};

/// A layer's number per point on the GPU. Other layers may read it as well.
struct LayerColumn {
  /// The attribute in GLSL, an unsigned integer; null for a layer without a column.
  const char* attribute = nullptr;
  /// Size of a number; 0 for an attribute stored with the positions (a_truth).
  std::uint8_t bytes_a_point = 1;
  /// The value of all points if the column is empty.
  std::uint16_t where_empty = 0;
  /// Reads only the layer's needs. Runs on the GUI thread: at most one cheap pass over the points.
  ColumnData (*data)(const LayerInputs& inputs) = nullptr;
};

/// The colour table that a layer's GLSL part indexes, and its legend.
enum class LayerColors : std::uint8_t {
  Own,      ///< The point's own colour; no legend.
  Heat,     ///< 256 colours of the heat map; a colour bar.
  Classes,  ///< A colour per class; a legend of the classes in the picture.
  Kinds,    ///< A colour per kind; a legend of all kinds.
  Numbers,  ///< 256 unordered colours; no legend.
  Labels,   ///< A colour per class of the project; a legend of those in use.
};

struct LegendEntry {
  QString text;
  Rgb8 color{};
};

/// A point under the cursor.
struct LayerHint {
  const ColumnData& column;
  std::size_t point = 0;
  QString class_name;  ///< Of the selected class.
};

/// The menu that contains the layer.
enum class LayerMenu : std::uint8_t { View, MoreLayers };

/// A colour layer of the 3D view. Texts are marked with QT_TRANSLATE_NOOP in the context "Layers".
struct ColorLayer {
  std::string_view id{};            ///< For `--layer`, and the file name of its GLSL part.
  const char* name = nullptr;       ///< On screen.
  const char* menu_text = nullptr;  ///< With a mnemonic; null for the name.
  const char* key = nullptr;        ///< Default shortcut.
  const char* action = nullptr;     ///< Object name of its action; the user's shortcut is stored under it.
  LayerMenu menu = LayerMenu::MoreLayers;
  std::array<LayerNeed, 2> needs{};  ///< The first missing one is reported.
  bool is_of_class = false;          ///< Shows the selected class.
  LayerColumn column{};
  std::array<std::string_view, 2> also_reads{};  ///< Ids of other layers whose columns its GLSL part reads.
  LayerColors colors = LayerColors::Own;
  bool has_threshold = false;  ///< Points below the CAM threshold keep their own colour, dimmed.
  bool is_count = false;       ///< Values are counts, not 0 … 1; the locked range of other layers does not apply.
  /// The range of the colour bar; null for 0 … 1. `column` is that of the layer.
  HeatRange (*range)(const LayerInputs& inputs, const ColumnData& column) = nullptr;
  std::vector<LegendEntry> (*kinds)() = nullptr;  ///< For LayerColors::Kinds: one entry per row.
  LegendEntry (*no_value)() = nullptr;            ///< For NO_VALUE_ROW: points without a value.
  QString (*hint)(const LayerHint&) = nullptr;    ///< A line of text about the point under the cursor.

  [[nodiscard]] bool isHeat() const { return colors == LayerColors::Heat; }
  /// Whether colours may be interpolated between the corners of a triangle.
  [[nodiscard]] bool isSmooth() const { return colors == LayerColors::Own || isHeat(); }
  [[nodiscard]] bool hasColumn() const { return column.attribute != nullptr; }
  [[nodiscard]] bool isMadeFrom(LayerNeed need) const { return needs[0] == need || needs[1] == need; }
};

/// All layers in the order of menus and lists. The first shows the points' own colours.
[[nodiscard]] std::span<const ColorLayer> colorLayers();
/// Null if there is none.
[[nodiscard]] const ColorLayer* findColorLayer(std::string_view id);
/// A std::logic_error for an unknown id.
[[nodiscard]] const ColorLayer& colorLayer(std::string_view id);
/// The layers whose columns this one reads, starting with its own if it has one.
[[nodiscard]] std::vector<const ColorLayer*> columnsReadBy(const ColorLayer& layer);

/// The translated title; `class_name` is that of the selected class, or empty for a list of layers.
[[nodiscard]] QString titleOf(const ColorLayer& layer, const QString& class_name = {});
[[nodiscard]] QString menuTextOf(const ColorLayer& layer);
/// The ids for the command line: "rgb, cam, …".
[[nodiscard]] QString colorLayerIds();

}  // namespace tagscape
