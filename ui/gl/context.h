#pragma once

#include "core/base/result.h"

#include <QOpenGLFunctions_3_3_Core>
#include <QSurfaceFormat>

#include <string_view>

namespace tagscape::gl {

using Functions = QOpenGLFunctions_3_3_Core;

/// The context that every window of the studio asks for: OpenGL 3.3 core, 24 bit depth, no multisampling (a software
/// renderer pays for every sample). Set as the default format before the application object is made.
[[nodiscard]] QSurfaceFormat requestedFormat();

/// The functions of the context that is current on this thread; null if there is none or it is older than 3.3.
[[nodiscard]] Functions* currentFunctions();

/// Proves that this machine gives a 3.3 core context, so that the refusal comes before any window.
/// Errors: Unsupported, with what was tried and what to do. Needs a QGuiApplication.
[[nodiscard]] Status probeContext();

/// Reads OpenGL's error flags until they are clear, and logs each with `where`.
/// @return how many there were.
int drainErrors(Functions& gl, std::string_view where);

}  // namespace tagscape::gl
