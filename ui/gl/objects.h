#pragma once

#include "ui/gl/context.h"

#include <utility>

namespace tagscape::gl {

/// Owns one OpenGL name: move-only, deleted with its owner. The context that made it (or one that shares with it) must
/// be current when it is made and when it is deleted; without any current context the name is given up silently, since
/// it dies with its context anyway.
template <class Kind>
class Object {
 public:
  Object() = default;
  [[nodiscard]] static Object create(Functions& gl) { return Object(Kind::create(gl)); }

  Object(Object&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  Object& operator=(Object&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, 0);
    }
    return *this;
  }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  ~Object() { reset(); }

  void reset() {
    if (id_ == 0) return;
    if (Functions* gl = currentFunctions()) Kind::destroy(*gl, id_);
    id_ = 0;
  }

  [[nodiscard]] GLuint id() const { return id_; }
  [[nodiscard]] explicit operator bool() const { return id_ != 0; }

 private:
  explicit Object(GLuint id) : id_(id) {}
  GLuint id_ = 0;
};

struct BufferKind {
  static GLuint create(Functions& gl);
  static void destroy(Functions& gl, GLuint id);
};
struct VertexArrayKind {
  static GLuint create(Functions& gl);
  static void destroy(Functions& gl, GLuint id);
};
struct RenderbufferKind {
  static GLuint create(Functions& gl);
  static void destroy(Functions& gl, GLuint id);
};
struct FramebufferKind {
  static GLuint create(Functions& gl);
  static void destroy(Functions& gl, GLuint id);
};

using Buffer = Object<BufferKind>;
using VertexArray = Object<VertexArrayKind>;

/// A place to draw into that is kept between frames: colour RGBA8 and 24 bit depth (the formats of
/// Qt's own framebuffers, so that a software renderer compiles its shaders once for both), of a size in device pixels.
class RenderTarget {
 public:
  /// Makes or remakes the storage if the size is another one; the content is then undefined.
  /// @return whether it was remade.
  bool resize(Functions& gl, int width_px, int height_px);
  void bind(Functions& gl) const;
  /// Copies the colour into `framebuffer`, which must be at least as large, and leaves that one bound.
  void copyColorTo(Functions& gl, GLuint framebuffer) const;
  /// The depth buffer's value at a device pixel counted from the bottom left: 0 near … 1 far; 1 outside. Leaves
  /// the target bound. Waits until everything drawn so far is finished.
  [[nodiscard]] float depthAt(Functions& gl, int x_px, int y_px) const;
  void reset();

 private:
  Object<FramebufferKind> framebuffer_;
  Object<RenderbufferKind> color_;
  Object<RenderbufferKind> depth_;
  int width_px_ = 0;
  int height_px_ = 0;
};

}  // namespace tagscape::gl
