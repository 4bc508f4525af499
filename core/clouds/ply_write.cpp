#include "core/base/files.h"
#include "core/clouds/ply.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace tagscape {
namespace {

std::string makeHeader(const PlyContent& content, const std::string& comment, const PlyStyle& style) {
  const auto& vertices = content.mesh.vertices;
  std::string header = "ply\nformat binary_little_endian 1.0\n";
  if (!comment.empty()) header += "comment " + comment + "\n";
  const char* type = content.offset_m.isZero() ? "float" : "double";
  header += fmt::format("element vertex {0}\nproperty {1} x\nproperty {1} y\nproperty {1} z\n", vertices.size(), type);
  if (!vertices.normals.empty()) header += "property float nx\nproperty float ny\nproperty float nz\n";
  if (!vertices.colors.empty()) header += "property uchar red\nproperty uchar green\nproperty uchar blue\n";
  if (!vertices.colors.empty() && style.has_alpha) header += "property uchar alpha\n";
  for (const auto& [name, values] : content.vertex_scalars) {
    header += fmt::format("property {} {}\n", style.ushort_scalars.contains(name) ? "ushort" : "float", name);
  }
  if (!content.mesh.triangles.empty()) {
    header += fmt::format("element face {}\nproperty list uchar int vertex_indices\n", content.mesh.triangles.size());
  }
  return header + "end_header\n";
}

void append(std::vector<char>& buffer, const void* data, std::size_t size) {
  const auto* begin = static_cast<const char*>(data);
  buffer.insert(buffer.end(), begin, begin + size);
}

void appendScalar(std::vector<char>& buffer, float value, bool as_ushort) {
  if (!as_ushort) return append(buffer, &value, sizeof(value));
  const auto whole = static_cast<std::uint16_t>(std::clamp(value, 0.F, 65535.F));
  append(buffer, &whole, sizeof(whole));
}

void appendPosition(std::vector<char>& buffer, const Eigen::Vector3f& position, const Eigen::Vector3d& offset_m) {
  if (offset_m.isZero()) return append(buffer, position.data(), 3 * sizeof(float));
  const Eigen::Vector3d in_file = position.cast<double>() + offset_m;
  append(buffer, in_file.data(), 3 * sizeof(double));
}

std::vector<char> makeBody(const PlyContent& content, const PlyStyle& style) {
  const auto& vertices = content.mesh.vertices;
  std::vector<char> body;
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    appendPosition(body, vertices.positions_m[i], content.offset_m);
    if (!vertices.normals.empty()) append(body, vertices.normals[i].data(), 3 * sizeof(float));
    if (!vertices.colors.empty()) append(body, vertices.colors[i].data(), 3);
    if (!vertices.colors.empty() && style.has_alpha) body.push_back(static_cast<char>(255));
    for (const auto& [name, values] : content.vertex_scalars)
      appendScalar(body, values[i], style.ushort_scalars.contains(name));
  }
  for (const auto& triangle : content.mesh.triangles) {
    body.push_back(3);
    append(body, triangle.data(), sizeof(triangle));
  }
  return body;
}

}  // namespace

Status writePly(const std::filesystem::path& path,
                const PlyContent& content,
                const std::string& comment,
                const PlyStyle& style) {
  static_assert(std::endian::native == std::endian::little);
  const std::size_t num_vertices = content.mesh.vertices.size();
  for (const auto& [name, values] : content.vertex_scalars) {
    if (values.size() != num_vertices) throw std::logic_error("writePly: a scalar has another count than the vertices");
  }
  const std::string header = makeHeader(content, comment, style);
  const std::vector<char> body = makeBody(content, style);
  return writeFileAtomically(path, [&](std::ostream& file) {
    file.write(header.data(), static_cast<std::streamsize>(header.size()));
    file.write(body.data(), static_cast<std::streamsize>(body.size()));
  });
}

}  // namespace tagscape
