#pragma once

#include "ui/gl/context.h"

#include <utility>

namespace tagscape::gl {

/// Owns one OpenGL object: move-only, deleted with its owner. Its context, or one that shares with it, must be current
/// at creation and deletion. Without a current context it is not deleted explicitly; it ends with its context.
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
struct FramebufferKind {
  static GLuint create(Functions& gl);
  static void destroy(Functions& gl, GLuint id);
};

struct TextureKind {
  static GLuint create(Functions& gl);
  static void destroy(Functions& gl, GLuint id);
};

using Buffer = Object<BufferKind>;
using VertexArray = Object<VertexArrayKind>;
using Texture = Object<TextureKind>;
using Framebuffer = Object<FramebufferKind>;

}  // namespace tagscape::gl
