#pragma once

#include "ui/render/point_style.h"

#include <array>

namespace tagscape {

/// sRGB 0 … 1 and 1, or all 0 where nothing is to be shown.
using ColorTable = std::array<Eigen::Vector4f, 256>;

/// The colours of the rows that points.vert looks up for a layer: the heat map's, those of classes, reasons, segments,
/// or of right (0) and wrong (1) predictions. Nothing for colouring Own.
[[nodiscard]] ColorTable colorTable(PointColoring coloring, HeatMap heat_map, ClassPalette palette);

}  // namespace tagscape
