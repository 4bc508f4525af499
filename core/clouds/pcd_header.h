#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The header of a PCD file and its compression. Private to the reader; see pcd.h.
namespace tagscape::pcd_detail {

inline constexpr std::string_view kRemedy = "Export the file again, as PLY if you can";

enum class Encoding { Ascii, Binary, Compressed };

struct Field {
  std::string name;  ///< Lower case.
  char type = 'f';   ///< 'i' signed, 'u' unsigned, 'f' float.
  std::size_t size = 4;
  std::size_t count = 1;
  std::size_t offset = 0;  ///< Byte in a row.
};

struct Header {
  std::vector<Field> fields;
  std::uint64_t num_points = 0;
  Encoding encoding = Encoding::Ascii;
  std::size_t row_bytes = 0;
  std::size_t body_begin = 0;
  bool has_viewpoint = false;  ///< Another than the identity.
};

/// Errors: InvalidInput naming the line or the field.
[[nodiscard]] Result<Header> parseHeader(std::string_view text, const std::filesystem::path& name);

/// Expands LZF. @return nothing if it is damaged or does not give exactly `size` bytes.
[[nodiscard]] std::optional<std::vector<std::byte>> expandLzf(std::span<const std::byte> packed, std::size_t size);

}  // namespace tagscape::pcd_detail
