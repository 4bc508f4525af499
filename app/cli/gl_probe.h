#pragma once

#include <string>

namespace tagscape::cli {

/// The available OpenGL, without opening a window.
struct GlReport {
  std::string renderer;  ///< Empty if no OpenGL 3.3 core context could be created.
  std::string version;
  std::string problem;  ///< Why not, with a remedy.
};

/// Creates a 3.3 core context through EGL (the desktop's display, or Mesa's surfaceless platform) and queries it.
[[nodiscard]] GlReport probeGl();

}  // namespace tagscape::cli
