#include "ui/gl/program.h"

#include <QFile>

#include <array>
#include <string>

// Resources of a static library are only there once they are asked for; the macro must stand outside any namespace.
static void registerResources() { Q_INIT_RESOURCE(studio); }

namespace tagscape::gl {
namespace {

Result<GLuint> compile(
    Functions& gl, GLenum stage, const QString& file_name, const QByteArray& defines, const QByteArray& parts) {
  TAGSCAPE_ASSIGN(QByteArray source, shaderText(file_name));
  source.replace("#pragma parts\n", parts);
  source.insert(source.indexOf('\n') + 1, defines);  // #version must stay the first line.
  const GLuint shader = gl.glCreateShader(stage);
  const char* text = source.constData();
  gl.glShaderSource(shader, 1, &text, nullptr);
  gl.glCompileShader(shader);
  GLint ok = GL_FALSE;
  gl.glGetShaderiv(shader, GL_COMPILE_STATUS, &ok);
  if (ok == GL_TRUE) return shader;
  std::array<char, 2048> driver_log{};
  gl.glGetShaderInfoLog(shader, static_cast<GLsizei>(driver_log.size()), nullptr, driver_log.data());
  gl.glDeleteShader(shader);
  return fail(ErrorCode::Internal, "shader " + file_name.toStdString() + " does not compile: " + driver_log.data());
}

}  // namespace

Result<QByteArray> shaderText(const QString& file_name) {
  registerResources();
  QFile file(":/tagscape/shaders/" + file_name);
  if (!file.open(QIODevice::ReadOnly)) {
    return fail(ErrorCode::Internal,
                "shader " + file_name.toStdString() + " is missing from this build. Build it anew");
  }
  return file.readAll();
}

GLuint ProgramKind::create(Functions& gl) { return gl.glCreateProgram(); }
void ProgramKind::destroy(Functions& gl, GLuint id) { gl.glDeleteProgram(id); }

Result<Program> Program::load(Functions& gl,
                              const QString& vertex_name,
                              const QString& fragment_name,
                              const QByteArray& defines,
                              const QByteArray& parts) {
  TAGSCAPE_ASSIGN(const GLuint vertex, compile(gl, GL_VERTEX_SHADER, vertex_name + ".vert", defines, parts));
  auto fragment = compile(gl, GL_FRAGMENT_SHADER, fragment_name + ".frag", defines, {});
  if (!fragment) {
    gl.glDeleteShader(vertex);
    return fail(std::move(fragment).error());
  }
  auto object = Object<ProgramKind>::create(gl);
  gl.glAttachShader(object.id(), vertex);
  gl.glAttachShader(object.id(), *fragment);
  gl.glLinkProgram(object.id());
  gl.glDeleteShader(vertex);
  gl.glDeleteShader(*fragment);
  GLint ok = GL_FALSE;
  gl.glGetProgramiv(object.id(), GL_LINK_STATUS, &ok);
  if (ok == GL_TRUE) return Program(std::move(object));
  std::array<char, 2048> driver_log{};
  gl.glGetProgramInfoLog(object.id(), static_cast<GLsizei>(driver_log.size()), nullptr, driver_log.data());
  return fail(ErrorCode::Internal,
              "shader program " + fragment_name.toStdString() + " does not link: " + driver_log.data());
}

GLint Program::location(Functions& gl, const char* name) const { return gl.glGetUniformLocation(object_.id(), name); }

void Program::set(Functions& gl, const char* name, const Eigen::Matrix4f& value) const {
  gl.glUniformMatrix4fv(location(gl, name), 1, GL_FALSE, value.data());
}
void Program::set(Functions& gl, const char* name, float value) const { gl.glUniform1f(location(gl, name), value); }
void Program::set(Functions& gl, const char* name, int value) const { gl.glUniform1i(location(gl, name), value); }
void Program::set(Functions& gl, const char* name, std::uint32_t value) const {
  gl.glUniform1ui(location(gl, name), value);
}
void Program::set(Functions& gl, const char* name, const Eigen::Vector2f& value) const {
  gl.glUniform2fv(location(gl, name), 1, value.data());
}
void Program::set(Functions& gl, const char* name, const Eigen::Vector3f& value) const {
  gl.glUniform3fv(location(gl, name), 1, value.data());
}
void Program::set(Functions& gl, const char* name, const Eigen::Vector4f& value) const {
  gl.glUniform4fv(location(gl, name), 1, value.data());
}

void Program::bindBlock(Functions& gl, const char* name, std::uint32_t binding) const {
  const GLuint block = gl.glGetUniformBlockIndex(object_.id(), name);
  if (block != GL_INVALID_INDEX) gl.glUniformBlockBinding(object_.id(), block, binding);
}

}  // namespace tagscape::gl
