#include "core/base/files.h"
#include "core/io/ply.h"

#include <fmt/format.h>

#include <bit>
#include <stdexcept>

namespace tagscape {
namespace {

std::string makeHeader(const PlyContent& content, const std::string& comment) {
  const auto& vertices = content.mesh.vertices;
  std::string header = "ply\nformat binary_little_endian 1.0\n";
  if (!comment.empty()) header += "comment " + comment + "\n";
  header += fmt::format("element vertex {}\nproperty float x\nproperty float y\nproperty float z\n", vertices.size());
  if (!vertices.normals.empty()) header += "property float nx\nproperty float ny\nproperty float nz\n";
  if (!vertices.colors.empty()) header += "property uchar red\nproperty uchar green\nproperty uchar blue\n";
  for (const auto& [name, values] : content.vertex_scalars) header += fmt::format("property float {}\n", name);
  if (!content.mesh.triangles.empty()) {
    header += fmt::format("element face {}\nproperty list uchar int vertex_indices\n", content.mesh.triangles.size());
  }
  return header + "end_header\n";
}

void append(std::vector<char>& buffer, const void* data, std::size_t size) {
  const auto* begin = static_cast<const char*>(data);
  buffer.insert(buffer.end(), begin, begin + size);
}

std::vector<char> makeBody(const PlyContent& content) {
  const auto& vertices = content.mesh.vertices;
  std::vector<char> body;
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    append(body, vertices.positions_m[i].data(), 3 * sizeof(float));
    if (!vertices.normals.empty()) append(body, vertices.normals[i].data(), 3 * sizeof(float));
    if (!vertices.colors.empty()) append(body, vertices.colors[i].data(), 3);
    for (const auto& [name, values] : content.vertex_scalars) append(body, &values[i], sizeof(float));
  }
  for (const auto& triangle : content.mesh.triangles) {
    body.push_back(3);
    append(body, triangle.data(), sizeof(triangle));
  }
  return body;
}

}  // namespace

Status writePly(const std::filesystem::path& path, const PlyContent& content, const std::string& comment) {
  static_assert(std::endian::native == std::endian::little);
  const std::size_t num_vertices = content.mesh.vertices.size();
  for (const auto& [name, values] : content.vertex_scalars) {
    if (values.size() != num_vertices) throw std::logic_error("writePly: a scalar has another count than the vertices");
  }
  const std::string header = makeHeader(content, comment);
  const std::vector<char> body = makeBody(content);
  return writeFileAtomically(path, [&](std::ostream& file) {
    file.write(header.data(), static_cast<std::streamsize>(header.size()));
    file.write(body.data(), static_cast<std::streamsize>(body.size()));
  });
}

}  // namespace tagscape
