#pragma once

#include "ui/gl/objects.h"

#include <Eigen/Core>
#include <QByteArray>
#include <QString>

#include <cstdint>

namespace tagscape::gl {

struct ProgramKind {
  static GLuint create(Functions& gl);
  static void destroy(Functions& gl, GLuint id);
};

/// The text of a file of the shaders folder, which is compiled into the resources. Errors: Internal if there is none.
[[nodiscard]] Result<QByteArray> shaderText(const QString& file_name);

/// A linked pair of vertex and fragment shader. Call use() before the setters; uniforms that the linker has removed are
/// ignored.
class Program {
 public:
  /// Compiles `<vertex>.vert` and `<fragment>.frag` of the shaders folder.
  /// @param defines  lines "#define NAME value", inserted into both shaders after #version.
  /// @param parts    replaces the line "#pragma parts" of the vertex shader.
  /// Errors: Internal, with the driver's log.
  [[nodiscard]] static Result<Program> load(Functions& gl,
                                            const QString& vertex,
                                            const QString& fragment,
                                            const QByteArray& defines = {},
                                            const QByteArray& parts = {});
  [[nodiscard]] static Result<Program> load(Functions& gl, const QString& name) { return load(gl, name, name); }

  void use(Functions& gl) const { gl.glUseProgram(object_.id()); }
  void set(Functions& gl, const char* name, const Eigen::Matrix4f& value) const;
  void set(Functions& gl, const char* name, float value) const;
  void set(Functions& gl, const char* name, int value) const;
  void set(Functions& gl, const char* name, std::uint32_t value) const;
  void set(Functions& gl, const char* name, const Eigen::Vector2f& value) const;
  void set(Functions& gl, const char* name, const Eigen::Vector3f& value) const;
  void set(Functions& gl, const char* name, const Eigen::Vector4f& value) const;
  /// Assigns the uniform block `name` to a binding point; blocks that the linker has removed are ignored.
  void bindBlock(Functions& gl, const char* name, std::uint32_t binding) const;

 private:
  explicit Program(Object<ProgramKind> object) : object_(std::move(object)) {}
  [[nodiscard]] GLint location(Functions& gl, const char* name) const;
  Object<ProgramKind> object_;
};

}  // namespace tagscape::gl
