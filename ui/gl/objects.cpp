#include "ui/gl/objects.h"

namespace tagscape::gl {

GLuint BufferKind::create(Functions& gl) {
  GLuint id = 0;
  gl.glGenBuffers(1, &id);
  return id;
}
void BufferKind::destroy(Functions& gl, GLuint id) { gl.glDeleteBuffers(1, &id); }

GLuint VertexArrayKind::create(Functions& gl) {
  GLuint id = 0;
  gl.glGenVertexArrays(1, &id);
  return id;
}
void VertexArrayKind::destroy(Functions& gl, GLuint id) { gl.glDeleteVertexArrays(1, &id); }

GLuint FramebufferKind::create(Functions& gl) {
  GLuint id = 0;
  gl.glGenFramebuffers(1, &id);
  return id;
}
void FramebufferKind::destroy(Functions& gl, GLuint id) { gl.glDeleteFramebuffers(1, &id); }

GLuint TextureKind::create(Functions& gl) {
  GLuint id = 0;
  gl.glGenTextures(1, &id);
  return id;
}
void TextureKind::destroy(Functions& gl, GLuint id) { gl.glDeleteTextures(1, &id); }

}  // namespace tagscape::gl
