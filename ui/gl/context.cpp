#include "ui/gl/context.h"

#include "core/base/log.h"

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLVersionFunctionsFactory>

#include <cstdio>
#include <string>

namespace tagscape::gl {

QSurfaceFormat requestedFormat() {
  QSurfaceFormat format;
  format.setVersion(3, 3);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setDepthBufferSize(24);
  format.setSamples(0);
  return format;
}

Functions* currentFunctions() {
  QOpenGLContext* context = QOpenGLContext::currentContext();
  return context ? QOpenGLVersionFunctionsFactory::get<Functions>(context) : nullptr;
}

Status probeContext() {
  QOpenGLContext context;
  context.setFormat(requestedFormat());
  const std::string remedy =
      " Install a graphics driver, or Mesa's software renderer (libgl1-mesa-dri), and check that a display is "
      "reachable; "
      "on a machine without one use xvfb-run.";
  if (!context.create()) return fail(ErrorCode::Unsupported, "OpenGL: no context could be made." + remedy);
  QOffscreenSurface surface;
  surface.setFormat(context.format());
  surface.create();
  if (!context.makeCurrent(&surface)) return fail(ErrorCode::Unsupported, "OpenGL: the context is unusable." + remedy);
  const bool has_functions = currentFunctions() != nullptr;
  const auto [major, minor] = context.format().version();
  context.doneCurrent();
  if (!has_functions) {
    return fail(ErrorCode::Unsupported,
                "OpenGL: version 3.3 core is needed, this display offers " + std::to_string(major) + "." +
                    std::to_string(minor) + "." + remedy);
  }
  return {};
}

int drainErrors(Functions& gl, std::string_view where) {
  constexpr int kMaxReported = 16;  // A lost context keeps reporting errors.
  int count = 0;
  for (GLenum error = gl.glGetError(); error != GL_NO_ERROR && count < kMaxReported; error = gl.glGetError()) {
    ++count;
    char code[16];
    std::snprintf(code, sizeof code, "0x%04x", error);
    log::error("OpenGL error " + std::string(code) + " in " + std::string(where));
  }
  return count;
}

}  // namespace tagscape::gl
