#pragma once

#include "core/dataset/augmentation.h"
#include "core/geometry/point_hierarchy.h"

#include <cstdint>

namespace tagscape {

/// What a point carries besides its position, in the order of the network's channels.
enum class PointChannels : std::uint8_t {
  CentredColorHeight,  ///< Colour in [-1, 1] and height above the floor in m, minus 1: the small network.
  UnitColorHeight,     ///< Colour in 0 … 1 and height above the floor in m: the published backbones.
};

/// Where a map's cells lie in the image it was computed from: cell (x, y) is centred at first_px + stride_px * (x, y).
struct CellGrid {
  int stride_px = 8;
  double first_px = 3.5;
};

/// How two networks want to be fed.
struct NetworkInputs {
  ColorScale colors;
  CellGrid cells;
  PointChannels channels = PointChannels::CentredColorHeight;
  PointHierarchyOptions hierarchy = smallPointHierarchy();
};

}  // namespace tagscape
