#include "ui/render/color_tables.h"

#include "ui/render/colors.h"

namespace tagscape {
namespace {

Eigen::Vector4f opaque(const Rgb8& rgb) {
  return {static_cast<float>(rgb[0]) / 255, static_cast<float>(rgb[1]) / 255, static_cast<float>(rgb[2]) / 255, 1.F};
}

}  // namespace

ColorTable colorTable(PointColoring coloring, HeatMap heat_map, ClassPalette palette) {
  ColorTable table;
  table.fill(Eigen::Vector4f::Zero());
  if (isHeat(coloring)) {
    for (std::size_t i = 0; i < table.size(); ++i)
      table[i] = opaque(heatColor(heat_map, static_cast<float>(i) / static_cast<float>(table.size() - 1)));
    return table;
  }
  switch (coloring) {
    case PointColoring::Truth:
    case PointColoring::Prediction:
      for (int c = 0; c < kNumClasses; ++c)
        table[static_cast<std::size_t>(c)] = opaque(classColors(palette)[static_cast<std::size_t>(c)]);
      break;
    case PointColoring::Reason:
      for (int i = 0; i < kNumVisibilities; ++i)
        table[static_cast<std::size_t>(i)] = opaque(reasonColor(static_cast<Visibility>(i)));
      break;
    case PointColoring::Error:
      table[0] = opaque(kRightRgb);
      table[1] = opaque(kWrongRgb);
      break;
    case PointColoring::Segment:
      for (std::size_t i = 0; i < table.size(); ++i) table[i] = opaque(segmentColor(static_cast<std::uint8_t>(i)));
      break;
    default:
      break;
  }
  return table;
}

}  // namespace tagscape
