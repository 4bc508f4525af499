#pragma once

#include "ui/render/point_style.h"

#include <array>
#include <span>

namespace tagscape {

/// The rows of a layer's colour table, and one more for points without a value.
inline constexpr int kNoValueRow = 256;
inline constexpr int kNumTableRows = kNoValueRow + 1;

/// RGBA, sRGB in 0 … 1, alpha 1; all 0 for rows that are not shown.
using ColorTable = std::array<Eigen::Vector4f, kNumTableRows>;

/// The colour table of a layer, see LayerColors; all 0 for a layer of own colours.
/// @param label_colors  of the project's classes, for LayerColors::Labels.
[[nodiscard]] ColorTable colorTable(const ColorLayer& layer,
                                    HeatMap heat_map,
                                    ClassPalette palette,
                                    std::span<const Color8> label_colors = {});

}  // namespace tagscape
