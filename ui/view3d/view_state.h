#pragma once

#include "ui/render/orbit_camera.h"

namespace tagscape {

/// The camera and size of the 3D view for one frame.
struct ViewState {
  OrbitCamera camera;
  OrbitCamera::ViewSize size;  ///< Logical pixels.
  float pixel_ratio = 1;       ///< Device pixels per logical pixel.
  bool is_dark = false;        ///< Of the theme.
  bool is_moving = false;
};

}  // namespace tagscape
