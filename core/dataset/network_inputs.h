#pragma once

#include "core/dataset/augmentation.h"
#include "core/geometry/point_hierarchy.h"
#include "core/scene/cell_grid.h"

#include <cstdint>

namespace tagscape {

/// What a point carries besides its position, in the order of the network's channels.
enum class PointChannels : std::uint8_t {
  CentredColorHeight,  ///< Colour in [-1, 1] and height above the floor in m, minus 1: the small network.
  UnitColorHeight,     ///< Colour in 0 … 1 and height above the floor in m: the published backbones.
};

/// How two networks want to be fed.
struct NetworkInputs {
  ColorScale colors;
  CellGrid cells;  ///< Of the image network's maps.
  PointChannels channels = PointChannels::CentredColorHeight;
  PointHierarchyOptions hierarchy = smallPointHierarchy();
};

}  // namespace tagscape
