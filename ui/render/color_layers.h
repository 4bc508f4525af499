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

// The table of colour layers of the 3D view. All that is known of a layer is its row in color_layers.cpp, and how the
// GPU finds the colour of a point is shaders/layers/<id>.glsl. Menus, keys, the panel, the legend, `--layer`, the
// columns on the GPU and the shader are made from the two.

/// What has to be there before a layer can be shown. PointLayers makes it, and says what is missing.
enum class LayerNeed : std::uint8_t {
  Nothing,
  Truth,            ///< Annotated classes of the points.
  Prediction,       ///< Predicted classes and 3D CAMs.
  LiftedCams,       ///< 2D CAMs of all frames, lifted to the points.
  FrameVisibility,  ///< Which points the current frame sees.
  Superpoints,      ///< Computed, or those of the scan's own file.
  VisibilityIndex,  ///< Which frames see which points, as far as it is known.
};

/// What layers are computed from; null or empty where it is not there. N points, in the order of the cloud.
struct LayerInputs {
  std::span<const std::uint8_t> truth;                      ///< [N] classes.
  std::shared_ptr<const SceneCams> predicted;               ///< Classes of the points.
  std::shared_ptr<const CamColumns> cams;                   ///< Their 3D CAMs, packed.
  std::shared_ptr<const ClassColumns> lifted;               ///< Lifted 2D CAMs.
  std::span<const std::uint8_t> visibilities;               ///< [N] Visibility in the current frame.
  std::span<const std::uint8_t> superpoint_rows;            ///< [N] rows of 256 colours.
  std::shared_ptr<const VisibilityIndex> visibility_index;  ///< May grow while it is read.
  std::size_t class_index = 0;                              ///< The class that is shown.
};

/// One number a point, in bytes or in values of two bytes: a view of the inputs, or of what `owner` keeps.
struct ColumnData {
  std::span<const std::uint8_t> bytes{};
  std::span<const std::uint16_t> values{};
  std::shared_ptr<const void> owner{};  ///< Null for a view of the inputs.
};

/// The numbers of every point that a layer brings to the GPU. Other layers may read them, too.
struct LayerColumn {
  /// Its attribute in GLSL, an unsigned integer; null where the layer has no column of its own.
  const char* attribute = nullptr;
  /// Size of a number; 0 where it lies with the positions (a_truth) and is not sent by itself.
  std::uint8_t bytes_a_point = 1;
  /// What all points have where the values are empty.
  std::uint16_t where_empty = 0;
  /// Reads only what the layer needs. On the GUI thread: cost at most O(N), and little.
  ColumnData (*data)(const LayerInputs& inputs) = nullptr;
};

/// What stands for the rows of colours that a layer's GLSL part finds, and what the legend shows.
enum class LayerColors : std::uint8_t {
  Own,      ///< The point's own colour; no legend.
  Heat,     ///< 256 colours of the heat map; a colour bar.
  Classes,  ///< A colour a class; the classes in the picture.
  Kinds,    ///< One a kind; all of them.
  Numbers,  ///< 256 colours without an order; no legend.
};

struct LegendEntry {
  QString text;
  Rgb8 color{};
};

/// A point under the cursor.
struct LayerHint {
  const ColumnData& column;
  std::size_t point = 0;
  QString class_name;  ///< Of the class that is shown.
};

/// Which menu has the layer.
enum class LayerMenu : std::uint8_t { View, MoreLayers };

/// A colour layer of the 3D view. Texts are marked with QT_TRANSLATE_NOOP in the context "Layers".
struct ColorLayer {
  std::string_view id{};            ///< For `--layer`, and the name of its GLSL part.
  const char* name = nullptr;       ///< On screen.
  const char* menu_text = nullptr;  ///< With a mnemonic; null for the name.
  const char* key = nullptr;        ///< By default.
  const char* action = nullptr;     ///< Object name of its action, by which its key is kept in the user's settings.
  LayerMenu menu = LayerMenu::MoreLayers;
  std::array<LayerNeed, 2> needs{};  ///< Of several that are missing, the first is told of.
  bool is_of_class = false;          ///< Shows the chosen class.
  LayerColumn column{};
  std::array<std::string_view, 2> also_reads{};  ///< Ids of layers whose columns its GLSL part reads besides its own.
  LayerColors colors = LayerColors::Own;
  bool has_threshold = false;  ///< Values below the CAM threshold keep dimmed own colours.
  bool is_count = false;  ///< Values are counts, not 0 … 1: a range that is locked for the other layers does not fit.
  /// What the colour bar covers; null for 0 … 1. `column` is the layer's own.
  HeatRange (*range)(const LayerInputs& inputs, const ColumnData& column) = nullptr;
  std::vector<LegendEntry> (*kinds)() = nullptr;  ///< Of LayerColors::Kinds: row by row.
  LegendEntry (*no_value)() = nullptr;            ///< Colour of NO_VALUE_ROW, for points without a value.
  QString (*hint)(const LayerHint&) = nullptr;    ///< A line about a point under the cursor.

  [[nodiscard]] bool isHeat() const { return colors == LayerColors::Heat; }
  /// Whether colours may be blended between the corners of a triangle.
  [[nodiscard]] bool isSmooth() const { return colors == LayerColors::Own || isHeat(); }
  [[nodiscard]] bool hasColumn() const { return column.attribute != nullptr; }
  [[nodiscard]] bool isMadeFrom(LayerNeed need) const { return needs[0] == need || needs[1] == need; }
};

/// All layers, in the order of menus and lists. The first shows the points' own colours.
[[nodiscard]] std::span<const ColorLayer> colorLayers();
/// Null if there is none.
[[nodiscard]] const ColorLayer* findColorLayer(std::string_view id);
/// An unknown id is the caller's mistake.
[[nodiscard]] const ColorLayer& colorLayer(std::string_view id);
/// The layers whose columns this one reads, itself first if it has one.
[[nodiscard]] std::vector<const ColorLayer*> columnsReadBy(const ColorLayer& layer);

/// In the user's language; `class_name` is that of the chosen class. Without one: for a list of layers.
[[nodiscard]] QString titleOf(const ColorLayer& layer, const QString& class_name = {});
[[nodiscard]] QString menuTextOf(const ColorLayer& layer);
/// "rgb, cam, …": as the command line takes them.
[[nodiscard]] QString colorLayerIds();

}  // namespace tagscape
