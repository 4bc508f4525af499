#pragma once

#include "ui/render/orbit_camera.h"

namespace tagscape {

/// How the 3D view is seen at a moment.
struct ViewState {
  OrbitCamera camera;
  OrbitCamera::ViewSize size;  ///< Logical pixels.
  float pixel_ratio = 1;       ///< Device pixels of a logical one.
  bool is_dark = false;        ///< Of the theme.
  bool is_moving = false;
};

}  // namespace tagscape
