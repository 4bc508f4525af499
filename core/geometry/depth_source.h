#pragma once

#include <cstdint>

namespace tagscape {

/// Where the depth comes from that decides what a frame sees.
enum class DepthSource : std::uint8_t {
  Auto,     ///< The sensor's where a frame has a depth map, else the surface's.
  Sensor,   ///< What the frame's sensor measured, only.
  Surface,  ///< What the scan's surface looks like from there: without holes, blind to what the mesh has lost.
};

}  // namespace tagscape
