#include "ui/render/color_tables.h"

#include "ui/render/color_layers.h"
#include "ui/render/colors.h"

#include <algorithm>

namespace tagscape {
namespace {

Eigen::Vector4f opaque(const Rgb8& rgb) {
  return {static_cast<float>(rgb[0]) / 255, static_cast<float>(rgb[1]) / 255, static_cast<float>(rgb[2]) / 255, 1.F};
}

}  // namespace

ColorTable colorTable(const ColorLayer& layer,
                      HeatMap heat_map,
                      ClassPalette palette,
                      std::span<const Color8> label_colors) {
  ColorTable table;
  table.fill(Eigen::Vector4f::Zero());
  const std::span<Eigen::Vector4f> rows(table.data(), kNoValueRow);
  std::size_t row = 0;
  switch (layer.colors) {
    case LayerColors::Own:
      break;
    case LayerColors::Heat:
      for (; row < rows.size(); ++row)
        rows[row] = opaque(heatColor(heat_map, static_cast<float>(row) / static_cast<float>(rows.size() - 1)));
      break;
    case LayerColors::Classes:
      for (const Rgb8& color : classColors(palette)) rows[row++] = opaque(color);
      break;
    case LayerColors::Kinds:
      for (const LegendEntry& kind : layer.kinds()) rows[row++] = opaque(kind.color);
      break;
    case LayerColors::Labels:
      for (const Color8& color : label_colors.first(std::min(label_colors.size(), rows.size())))
        rows[row++] = opaque(color);
      break;
    case LayerColors::Numbers:
      for (; row < rows.size(); ++row) rows[row] = opaque(superpointColor(static_cast<std::uint8_t>(row)));
      break;
  }
  if (layer.no_value) table[kNoValueRow] = opaque(layer.no_value().color);
  return table;
}

}  // namespace tagscape
