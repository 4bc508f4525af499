#pragma once

#include "core/base/result.h"

#include <QOpenGLFunctions_3_3_Core>
#include <QSurfaceFormat>

#include <string_view>

namespace tagscape::gl {

using Functions = QOpenGLFunctions_3_3_Core;

/// The format that all windows of the studio request: OpenGL 3.3 core, 24-bit depth, no multisampling, which is slow
/// with software rendering. To be set as the default format before the application object is created.
[[nodiscard]] QSurfaceFormat requestedFormat();

/// The functions of this thread's current context; null if there is none or its version is below 3.3.
[[nodiscard]] Functions* currentFunctions();

/// Checks that a 3.3 core context can be created, before any window is opened. Needs a QGuiApplication.
/// Errors: Unsupported, with what was tried and a remedy.
[[nodiscard]] Status probeContext();

/// Clears OpenGL's error flags and logs each error with `where`.
/// @return the number of errors.
int drainErrors(Functions& gl, std::string_view where);

}  // namespace tagscape::gl
