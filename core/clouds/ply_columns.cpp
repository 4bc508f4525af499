#include "core/clouds/ply_columns.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cctype>
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

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

const Property* find(const Element& element, std::string_view name) {
  const auto found = std::find_if(element.properties.begin(), element.properties.end(), [&](const Property& p) {
    return !p.count_type && lower(p.name) == name;
  });
  return found == element.properties.end() ? nullptr : &*found;
}

using Names = std::array<std::string_view, 3>;
constexpr Names kPosition{"x", "y", "z"};
constexpr Names kNormal{"nx", "ny", "nz"};
constexpr Names kSplatColor{"f_dc_0", "f_dc_1", "f_dc_2"};
constexpr std::array<Names, 4> kColors{
    {{"red", "green", "blue"}, {"diffuse_red", "diffuse_green", "diffuse_blue"}, {"r", "g", "b"}, kSplatColor}};

bool hasAll(const Element& element, const Names& names) {
  return std::all_of(names.begin(), names.end(), [&](std::string_view name) { return find(element, name) != nullptr; });
}

/// The names of the colours that the element has, if it has any.
std::optional<Names> colorNames(const Element& element) {
  const auto found = std::find_if(kColors.begin(), kColors.end(), [&](const Names& n) { return hasAll(element, n); });
  return found == kColors.end() ? std::nullopt : std::optional(*found);
}

int indexIn(const Names& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

/// Colours that are bytes go straight to their place; others are collected as scalars, as their range tells their
/// scale.
bool areBytes(const Element& element, const Names& names) {
  return std::all_of(
      names.begin(), names.end(), [&](std::string_view name) { return find(element, name)->type == Type::U8; });
}

Column columnFor(const Property& property, const Element& vertex, PlyContent& content) {
  auto& vertices = content.mesh.vertices;
  const std::string name = lower(property.name);
  Column column{.type = property.type};
  if (property.count_type || vertices.size() == 0) return column;
  const auto toFloats = [&](float* target, std::size_t stride) {
    column.kind = Column::Kind::Float;
    column.floats = target;
    column.stride = stride;
  };
  const auto colors = colorNames(vertex);
  if (const int axis = indexIn(kPosition, name); axis >= 0) {
    toFloats(vertices.positions_m[0].data() + axis, 3);
    column.axis = axis;
  } else if (const int normal = indexIn(kNormal, name); normal >= 0 && !vertices.normals.empty()) {
    toFloats(vertices.normals[0].data() + normal, 3);
  } else if (const int channel = colors ? indexIn(*colors, name) : -1; channel >= 0 && !vertices.colors.empty()) {
    column.kind = Column::Kind::Byte;
    column.bytes = vertices.colors[0].data() + channel;
    column.stride = 3;
  } else if (name != "alpha" && name != "a") {
    toFloats(content.vertex_scalars.at(property.name).data(), 1);
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

bool isShifted(std::span<const Column> columns, std::size_t i) {
  return columns[i].shift != 0 || columns[i + 1].shift != 0 || columns[i + 2].shift != 0;
}

template <std::size_t Size>
void copyBlocks(const std::byte* from, std::size_t row_bytes, void* to, std::size_t first, std::size_t last) {
  auto* target = static_cast<std::byte*>(to) + first * Size;
  for (std::size_t row = first; row < last; ++row, target += Size) std::memcpy(target, from + row * row_bytes, Size);
}

template <class T>
float shifted(T value, double shift) {
  return shift == 0 ? static_cast<float>(value) : static_cast<float>(static_cast<double>(value) - shift);
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
        column.floats[row * column.stride] = shifted(loadAs<T>(from + row * row_bytes, swap), column.shift);
    } else {
      for (std::size_t row = first; row < last; ++row)
        column.bytes[row * column.stride] = toByte(static_cast<double>(loadAs<T>(from + row * row_bytes, swap)));
    }
  });
}

}  // namespace

std::vector<Column> makeColumns(const Element& vertex, PlyContent& content) {
  auto& vertices = content.mesh.vertices;
  vertices.positions_m.resize(vertex.count, Eigen::Vector3f::Zero());
  const auto colors = colorNames(vertex);
  if (colors && areBytes(vertex, *colors)) vertices.colors.resize(vertex.count);
  if (hasAll(vertex, kNormal)) vertices.normals.resize(vertex.count, Eigen::Vector3f::Zero());
  for (const auto& property : vertex.properties) {
    const std::string name = lower(property.name);
    const bool has_place = indexIn(kPosition, name) >= 0 ||
                           (!vertices.normals.empty() && indexIn(kNormal, name) >= 0) ||
                           (!vertices.colors.empty() && indexIn(*colors, name) >= 0) || name == "alpha" || name == "a";
    if (!property.count_type && !has_place) content.vertex_scalars[property.name].resize(vertex.count);
  }
  std::vector<Column> columns;
  std::size_t offset = 0;
  for (const auto& property : vertex.properties) {
    columns.push_back(columnFor(property, vertex, content));
    columns.back().offset = offset;
    offset += sizeOf(property.type);
  }
  return columns;
}

void finishColumns(const Element& vertex, PlyContent& content) {
  const auto names = colorNames(vertex);
  if (!names || areBytes(vertex, *names)) return;
  const bool is_splat = *names == kSplatColor;
  std::vector<Eigen::Vector3f> colors(content.mesh.vertices.size());
  bool is_float = false;
  for (int channel = 0; channel < 3; ++channel) {
    const Property& property = *find(vertex, (*names)[static_cast<std::size_t>(channel)]);
    is_float = is_float || property.type == Type::F32 || property.type == Type::F64;
    const auto values = content.vertex_scalars.extract(property.name);
    for (std::size_t i = 0; i < colors.size(); ++i) colors[i][channel] = values.mapped()[i];
  }
  if (is_splat) {
    constexpr float kDegree0 = 0.28209479F;  // 1 / (2 sqrt(pi)), the spherical harmonic of degree 0
    for (auto& color : colors) color = (color * kDegree0 + Eigen::Vector3f::Constant(0.5F)).cwiseMax(0.F).cwiseMin(1.F);
    content.notes.emplace_back("3D Gaussian splats are shown as points in the colour of their degree 0");
    std::erase_if(content.vertex_scalars, [](const auto& scalar) { return scalar.first.starts_with("f_rest_"); });
  }
  content.mesh.vertices.colors = colorsToBytes(colors, is_float);
}

void storeValue(const Column& column, std::size_t row, double value) {
  if (column.kind == Column::Kind::Float) column.floats[row * column.stride] = static_cast<float>(value - column.shift);
  if (column.kind == Column::Kind::Byte) column.bytes[row * column.stride] = toByte(value);
}

void copyRows(std::span<const Column> columns,
              const std::byte* rows,
              std::size_t row_bytes,
              std::size_t first,
              std::size_t last,
              bool swap) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!swap && isTriple(columns, i, Column::Kind::Float, Type::F32) && !isShifted(columns, i)) {
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
