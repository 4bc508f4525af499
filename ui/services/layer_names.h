#pragma once

#include "ui/models/point_layer.h"
#include "ui/render/color_layers.h"

namespace tagscape {

[[nodiscard]] inline const ColorLayer& rowOf(PointLayer layer) { return colorLayer(layer.id); }

/// The displayed name of a layer; `class_name` is that of the selected class, or empty for a list of layers.
[[nodiscard]] inline QString layerTitle(PointLayer layer, const QString& class_name = {}) {
  return titleOf(rowOf(layer), class_name);
}

}  // namespace tagscape
