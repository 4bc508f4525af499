#pragma once

#include "core/clouds/ply.h"
#include "core/clouds/ply_header.h"

#include <span>

/// From rows of a PLY body to arrays, without a call per value. Private to the PLY reader; see ply.h.
namespace tagscape::ply_detail {

/// Where the values of one vertex property go.
struct Column {
  enum class Kind { Skip, Float, Byte };
  Kind kind = Kind::Skip;
  Type type = Type::F32;
  std::size_t offset = 0;  ///< Byte of the value in a row of a binary file without lists.
  float* floats = nullptr;
  std::uint8_t* bytes = nullptr;
  std::size_t stride = 1;  ///< Values from one row's target to the next.
  double shift = 0;        ///< Subtracted from the value: the offset of coordinates.
  int axis = -1;           ///< Of coordinates: 0, 1 or 2.
};

/// Makes room in `content` for the rows of the vertex element and says where each of its properties goes.
[[nodiscard]] std::vector<Column> makeColumns(const Element& vertex, PlyContent& content);

/// Makes colours of scalars that hold them in another type than bytes, and notes of what is not used. To be called once
/// all rows are there.
void finishColumns(const Element& vertex, PlyContent& content);

/// Stores one value of a row that was read as text or between lists.
void storeValue(const Column& column, std::size_t row, double value);

/// Copies rows [first, last) of a binary file into their columns. @param rows  the first byte of row 0.
void copyRows(std::span<const Column> columns,
              const std::byte* rows,
              std::size_t row_bytes,
              std::size_t first,
              std::size_t last,
              bool swap);

/// The number at `from` in a binary file.
[[nodiscard]] double loadNumber(const std::byte* from, Type type, bool swap);

/// Copies faces that are all `uchar 3` and three 32-bit little-endian corners, on several threads. Nothing is kept and
/// false returned if one has another number of corners or names a vertex that does not exist: then the slow way finds
/// out what is wrong with it. @param rows  count * 13 bytes.
[[nodiscard]] bool copyTriangles(const std::byte* rows,
                                 std::size_t count,
                                 std::size_t num_vertices,
                                 std::vector<Triangle>& triangles);

}  // namespace tagscape::ply_detail
