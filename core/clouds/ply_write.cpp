#include "core/base/files.h"
#include "core/clouds/ply.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
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

/// Puts values one after the other into memory of known size.
class RowWriter {
 public:
  explicit RowWriter(std::span<std::byte> target) : next_(target.data()) {}
  void put(const void* data, std::size_t size) {
    std::memcpy(next_, data, size);
    next_ += size;
  }
  template <class T>
  void put(T value) {
    put(&value, sizeof(value));
  }

 private:
  std::byte* next_;
};

struct ScalarColumn {
  const float* values;
  bool is_ushort;
};

std::vector<ScalarColumn> scalarsOf(const PlyContent& content, const PlyStyle& style) {
  std::vector<ScalarColumn> columns;
  for (const auto& [name, values] : content.vertex_scalars)
    columns.push_back({values.data(), style.ushort_scalars.contains(name)});
  return columns;
}

std::size_t rowBytes(const PlyContent& content, const PlyStyle& style, const std::vector<ScalarColumn>& scalars) {
  const auto& vertices = content.mesh.vertices;
  std::size_t size = 3 * (content.offset_m.isZero() ? sizeof(float) : sizeof(double));
  if (!vertices.normals.empty()) size += 3 * sizeof(float);
  if (!vertices.colors.empty()) size += style.has_alpha ? 4 : 3;
  for (const auto& scalar : scalars) size += scalar.is_ushort ? sizeof(std::uint16_t) : sizeof(float);
  return size;
}

void putVertex(RowWriter& row, std::size_t i, const PlyContent& content, bool has_alpha) {
  const auto& vertices = content.mesh.vertices;
  if (content.offset_m.isZero()) {
    row.put(vertices.positions_m[i].data(), 3 * sizeof(float));
  } else {
    const Eigen::Vector3d in_file = vertices.positions_m[i].cast<double>() + content.offset_m;
    row.put(in_file.data(), 3 * sizeof(double));
  }
  if (!vertices.normals.empty()) row.put(vertices.normals[i].data(), 3 * sizeof(float));
  if (vertices.colors.empty()) return;
  row.put(vertices.colors[i].data(), 3);
  if (has_alpha) row.put(std::uint8_t{255});
}

void putBody(std::span<std::byte> target,
             const PlyContent& content,
             const PlyStyle& style,
             const std::vector<ScalarColumn>& scalars) {
  RowWriter row(target);
  for (std::size_t i = 0; i < content.mesh.vertices.size(); ++i) {
    putVertex(row, i, content, style.has_alpha);
    for (const auto& [values, is_ushort] : scalars) {
      if (is_ushort) row.put(static_cast<std::uint16_t>(std::clamp(values[i], 0.F, 65535.F)));
      if (!is_ushort) row.put(values[i]);
    }
  }
  for (const auto& triangle : content.mesh.triangles) {
    row.put(std::uint8_t{3});
    row.put(triangle.data(), sizeof(triangle));
  }
}

}  // namespace

std::vector<std::byte> encodePly(const PlyContent& content, const std::string& comment, const PlyStyle& style) {
  static_assert(std::endian::native == std::endian::little);
  const std::size_t num_vertices = content.mesh.vertices.size();
  for (const auto& [name, values] : content.vertex_scalars) {
    if (values.size() != num_vertices)
      throw std::logic_error("encodePly: a scalar has another count than the vertices");
  }
  const std::string header = makeHeader(content, comment, style);
  const auto scalars = scalarsOf(content, style);
  const std::size_t face_bytes = content.mesh.triangles.size() * (1 + sizeof(Triangle));
  std::vector<std::byte> bytes(header.size() + num_vertices * rowBytes(content, style, scalars) + face_bytes);
  std::memcpy(bytes.data(), header.data(), header.size());
  putBody(std::span(bytes).subspan(header.size()), content, style, scalars);
  return bytes;
}

Status writePly(const std::filesystem::path& path,
                const PlyContent& content,
                const std::string& comment,
                const PlyStyle& style) {
  return writeFileAtomically(path, encodePly(content, comment, style));
}

}  // namespace tagscape
