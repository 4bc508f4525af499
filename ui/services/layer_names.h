#pragma once

#include "ui/models/point_layer.h"
#include "ui/render/color_layers.h"

namespace tagscape {

[[nodiscard]] inline const ColorLayer& rowOf(PointLayer layer) { return colorLayer(layer.id); }

/// What a layer is called on screen; `class_name` is that of the chosen class. Without one: for a list of layers.
[[nodiscard]] inline QString layerTitle(PointLayer layer, const QString& class_name = {}) {
  return titleOf(rowOf(layer), class_name);
}

}  // namespace tagscape
