#pragma once

#include "core/dataset/augmentation.h"
#include "core/geometry/point_hierarchy.h"
#include "core/scene/cell_grid.h"

#include <cstdint>

namespace tagscape {

/// The features of a point besides its position, in the order of the network's input channels.
enum class PointChannels : std::uint8_t {
  CentredColorHeight,  ///< Colour in [-1, 1] and height above the floor in m, minus 1: the small network.
  UnitColorHeight,     ///< Colour in 0 … 1 and height above the floor in m: the published backbones.
};

/// The input formats of the two networks of a run.
struct NetworkInputs {
  ColorScale colors;
  CellGrid cells;  ///< Of the image network's output.
  PointChannels channels = PointChannels::CentredColorHeight;
  PointHierarchyOptions hierarchy = smallPointHierarchy();
};

}  // namespace tagscape
