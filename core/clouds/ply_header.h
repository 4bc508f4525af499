#pragma once

#include "core/base/result.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The content of the header of a PLY file. Private to the PLY reader; see ply.h.
namespace tagscape::ply_detail {

inline constexpr std::string_view kRemedy = "Export or copy the file again";

enum class Encoding { Ascii, LittleEndian, BigEndian };
enum class Type : std::uint8_t { I8, U8, I16, U16, I32, U32, F32, F64 };

[[nodiscard]] inline std::size_t sizeOf(Type type) {
  constexpr std::array<std::size_t, 8> kSizes{1, 1, 2, 2, 4, 4, 4, 8};
  return kSizes[static_cast<std::size_t>(type)];
}

/// A property of an element, by the names that PLY gives them.
struct Property {
  std::string name;
  Type type = Type::F32;
  std::optional<Type> count_type;  // set for lists
};

struct Element {
  std::string name;
  std::uint64_t count = 0;
  std::vector<Property> properties;

  [[nodiscard]] bool hasLists() const {
    return std::any_of(
        properties.begin(), properties.end(), [](const Property& p) { return p.count_type.has_value(); });
  }
  /// Bytes of one row in a binary file; for a list its minimum.
  [[nodiscard]] std::size_t minRowBytes() const {
    std::size_t bytes = 0;
    for (const auto& property : properties) bytes += sizeOf(property.count_type.value_or(property.type));
    return bytes;
  }
};

struct Header {
  Encoding encoding = Encoding::Ascii;
  std::vector<Element> elements;
  std::size_t body_begin = 0;
};

/// Errors: InvalidInput naming the line.
[[nodiscard]] Result<Header> parseHeader(std::string_view text, const std::filesystem::path& name);

}  // namespace tagscape::ply_detail
