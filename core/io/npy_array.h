#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tagscape {

/// The kind of number in a .npy file, as numpy writes it: 'f' float, 'i' integer, 'u' unsigned, 'b' truth values.
struct NpyType {
  char kind = 'f';
  int bytes = 4;
  friend bool operator==(const NpyType&, const NpyType&) = default;
};

template <class T>
constexpr NpyType npyTypeOf() {
  static_assert(std::is_arithmetic_v<T>);
  if constexpr (std::is_same_v<T, bool>) return {'b', 1};
  if constexpr (std::is_floating_point_v<T>) return {'f', sizeof(T)};
  return {std::is_signed_v<T> ? 'i' : 'u', sizeof(T)};
}

/// An array of a .npy file, in rows (C order).
struct NpyArray {
  NpyType type;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> values;

  [[nodiscard]] std::size_t size() const { return values.size() / static_cast<std::size_t>(type.bytes); }
  /// Value i as a double: exact for all whole numbers up to 2^53.
  [[nodiscard]] double at(std::size_t i) const;
};

/// Reads what numpy.save writes, versions 1 to 3, little-endian, C or Fortran order of up to two dimensions.
/// Errors: InvalidInput naming what is wrong: no such file, objects in it, another order of bytes, a shape that does
/// not fit the file's size.
[[nodiscard]] Result<NpyArray> parseNpy(std::span<const std::byte> bytes, const std::filesystem::path& name);

/// The bytes of a .npy file. The product of `shape` times the type's size must be the size of `values`: breaking that
/// throws std::logic_error. Source: the description of format version 1.0 in numpy's documentation.
[[nodiscard]] std::vector<std::byte> encodeNpyBytes(NpyType type,
                                                    const std::vector<std::int64_t>& shape,
                                                    std::span<const std::byte> values);

template <class T>
[[nodiscard]] std::vector<std::byte> encodeNpy(const std::vector<std::int64_t>& shape, const std::vector<T>& values) {
  return encodeNpyBytes(npyTypeOf<T>(), shape, std::as_bytes(std::span(values)));
}

}  // namespace tagscape
