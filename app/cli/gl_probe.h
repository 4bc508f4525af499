#pragma once

#include <string>

namespace tagscape::cli {

/// What OpenGL is there without opening a window.
struct GlReport {
  std::string renderer;  ///< Empty if no OpenGL 3.3 core context could be made.
  std::string version;
  std::string problem;  ///< Why not, with a remedy.
};

/// Makes a 3.3 core context through EGL (the desktop's display, or Mesa's surfaceless platform) and asks it.
[[nodiscard]] GlReport probeGl();

}  // namespace tagscape::cli
