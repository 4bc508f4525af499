#include "core/clouds/ply_columns.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>

namespace tagscape::ply_detail {
namespace {

static_assert(std::endian::native == std::endian::little, "binary files are copied as they are");

template <class T>
T loadAs(const std::byte* from, bool swap) {
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), from, sizeof(T));
  if (swap) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<T>(bytes);
}

/// Calls visit(T{}) with the C++ type of a PLY type.
template <class Visit>
auto withType(Type type, const Visit& visit) {
  switch (type) {
    case Type::I8:
      return visit(std::int8_t{});
    case Type::U8:
      return visit(std::uint8_t{});
    case Type::I16:
      return visit(std::int16_t{});
    case Type::U16:
      return visit(std::uint16_t{});
    case Type::I32:
      return visit(std::int32_t{});
    case Type::U32:
      return visit(std::uint32_t{});
    case Type::F64:
      return visit(double{});
    case Type::F32:
      break;
  }
  return visit(float{});
}

/// 0 for what is not a number, which compares false with everything.
std::uint8_t toByte(double value) { return value > 0 ? static_cast<std::uint8_t>(std::min(value, 255.0)) : 0; }

bool has(const Element& element, std::string_view name) {
  return std::any_of(element.properties.begin(), element.properties.end(), [&](const Property& p) {
    return p.name == name && !p.count_type;
  });
}

bool isKnown(std::string_view name) {
  constexpr std::array<std::string_view, 10> kKnown{"x", "y", "z", "nx", "ny", "nz", "red", "green", "blue", "alpha"};
  return std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
}

Column columnFor(const Property& property, PlyContent& content) {
  auto& vertices = content.mesh.vertices;
  const std::string& name = property.name;
  Column column{.type = property.type};
  if (property.count_type || vertices.size() == 0) return column;
  const auto toFloats = [&](float* target, std::size_t stride) {
    column.kind = Column::Kind::Float;
    column.floats = target;
    column.stride = stride;
  };
  if (name == "x" || name == "y" || name == "z") {
    toFloats(vertices.positions_m[0].data() + (name[0] - 'x'), 3);
  } else if (name == "nx" || name == "ny" || name == "nz") {
    if (!vertices.normals.empty()) toFloats(vertices.normals[0].data() + (name[1] - 'x'), 3);
  } else if (name == "red" || name == "green" || name == "blue") {
    if (vertices.colors.empty()) return column;
    column.kind = Column::Kind::Byte;
    column.bytes = vertices.colors[0].data() + (name == "red" ? 0 : name == "green" ? 1 : 2);
    column.stride = 3;
    column.scale = property.type == Type::F32 || property.type == Type::F64 ? 255.0 : 1.0;
  } else if (!isKnown(name)) {
    toFloats(content.vertex_scalars[name].data(), 1);
  }
  return column;
}

/// Whether column `i` and the two after it are neighbours in the row and in the target, of the type that the target
/// has.
bool isTriple(std::span<const Column> columns, std::size_t i, Column::Kind kind, Type type) {
  if (i + 2 >= columns.size()) return false;
  for (std::size_t k = 0; k < 3; ++k) {
    const Column& column = columns[i + k];
    const bool follows =
        kind == Column::Kind::Float ? column.floats == columns[i].floats + k : column.bytes == columns[i].bytes + k;
    if (column.kind != kind || column.type != type || column.stride != 3 || !follows) return false;
  }
  return true;
}

template <std::size_t Size>
void copyBlocks(const std::byte* from, std::size_t row_bytes, void* to, std::size_t first, std::size_t last) {
  auto* target = static_cast<std::byte*>(to) + first * Size;
  for (std::size_t row = first; row < last; ++row, target += Size) std::memcpy(target, from + row * row_bytes, Size);
}

void copyColumn(const Column& column,
                const std::byte* rows,
                std::size_t row_bytes,
                std::size_t first,
                std::size_t last,
                bool swap) {
  if (column.kind == Column::Kind::Skip) return;
  withType(column.type, [&](auto type) {
    using T = decltype(type);
    const std::byte* from = rows + column.offset;
    if (column.kind == Column::Kind::Float) {
      for (std::size_t row = first; row < last; ++row)
        column.floats[row * column.stride] = static_cast<float>(loadAs<T>(from + row * row_bytes, swap));
    } else {
      for (std::size_t row = first; row < last; ++row)
        column.bytes[row * column.stride] =
            toByte(static_cast<double>(loadAs<T>(from + row * row_bytes, swap)) * column.scale);
    }
  });
}

}  // namespace

std::vector<Column> makeColumns(const Element& vertex, PlyContent& content) {
  auto& vertices = content.mesh.vertices;
  vertices.positions_m.resize(vertex.count, Eigen::Vector3f::Zero());
  if (has(vertex, "red") && has(vertex, "green") && has(vertex, "blue")) vertices.colors.resize(vertex.count);
  if (has(vertex, "nx") && has(vertex, "ny") && has(vertex, "nz"))
    vertices.normals.resize(vertex.count, Eigen::Vector3f::Zero());
  for (const auto& property : vertex.properties) {
    if (!property.count_type && !isKnown(property.name)) content.vertex_scalars[property.name].resize(vertex.count);
  }
  std::vector<Column> columns;
  std::size_t offset = 0;
  for (const auto& property : vertex.properties) {
    columns.push_back(columnFor(property, content));
    columns.back().offset = offset;
    offset += sizeOf(property.type);
  }
  return columns;
}

void storeValue(const Column& column, std::size_t row, double value) {
  if (column.kind == Column::Kind::Float) column.floats[row * column.stride] = static_cast<float>(value);
  if (column.kind == Column::Kind::Byte) column.bytes[row * column.stride] = toByte(value * column.scale);
}

void copyRows(std::span<const Column> columns,
              const std::byte* rows,
              std::size_t row_bytes,
              std::size_t first,
              std::size_t last,
              bool swap) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!swap && isTriple(columns, i, Column::Kind::Float, Type::F32)) {
      copyBlocks<3 * sizeof(float)>(rows + columns[i].offset, row_bytes, columns[i].floats, first, last);
      i += 2;
    } else if (isTriple(columns, i, Column::Kind::Byte, Type::U8)) {
      copyBlocks<3>(rows + columns[i].offset, row_bytes, columns[i].bytes, first, last);
      i += 2;
    } else {
      copyColumn(columns[i], rows, row_bytes, first, last, swap);
    }
  }
}

double loadNumber(const std::byte* from, Type type, bool swap) {
  return withType(type, [&](auto kind) { return static_cast<double>(loadAs<decltype(kind)>(from, swap)); });
}

bool copyTriangles(const std::byte* rows,
                   std::size_t count,
                   std::size_t num_vertices,
                   std::vector<Triangle>& triangles) {
  constexpr std::size_t kRowBytes = 1 + sizeof(Triangle);
  constexpr std::size_t kRowsPerPiece = 1 << 15;
  const std::size_t before = triangles.size();
  triangles.resize(before + count);
  std::atomic<bool> good{true};
  parallelFor(count, kRowsPerPiece, [&](std::size_t first, std::size_t last) {
    std::uint32_t largest = 0;
    bool all_triangles = true;
    const std::byte* from = rows + first * kRowBytes;
    for (std::size_t row = first; row < last; ++row, from += kRowBytes) {
      Triangle& triangle = triangles[before + row];
      all_triangles &= from[0] == std::byte{3};
      std::memcpy(triangle.data(), from + 1, sizeof(Triangle));
      largest = std::max({largest, triangle[0], triangle[1], triangle[2]});  // a negative corner becomes a large one
    }
    if (!all_triangles || largest >= num_vertices) good = false;
  });
  if (!good) triangles.resize(before);
  return good;
}

}  // namespace tagscape::ply_detail
