#pragma once

#include "ui/render/point_style.h"

#include <array>

namespace tagscape {

/// Rows of colours that a layer's GLSL part finds, and one more for points without a value.
inline constexpr int kNoValueRow = 256;
inline constexpr int kNumTableRows = kNoValueRow + 1;

/// sRGB 0 … 1 and 1, or all 0 where nothing is to be shown.
using ColorTable = std::array<Eigen::Vector4f, kNumTableRows>;

/// The colours of the rows that a layer's GLSL part finds, see LayerColors. Nothing for own colours.
[[nodiscard]] ColorTable colorTable(const ColorLayer& layer, HeatMap heat_map, ClassPalette palette);

}  // namespace tagscape
