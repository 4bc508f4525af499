#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace tagscape::e57 {

/// An E57 file without the checksum that each of its pages ends with. "Physical" positions count the file's bytes,
/// "logical" ones leave checksums out.
/// Source: ASTM E2807-11, Standard Specification for 3D Imaging Data Exchange, sections 8.2 and 8.3.
class PagedBytes {
 public:
  /// @param file  the whole file; must live as long as this.
  /// Errors: InvalidInput if it does not begin with the header of an E57 file of version 1.
  [[nodiscard]] static Result<PagedBytes> open(std::span<const std::byte> file, std::filesystem::path name);

  /// Fills `target` with the logical bytes from `position` on. Pages are compared with their checksums.
  /// Errors: InvalidInput if they reach past the end, or a page does not fit its checksum.
  [[nodiscard]] Status read(std::uint64_t position, std::span<std::byte> target) const;

  [[nodiscard]] std::uint64_t logicalPosition(std::uint64_t physical) const;
  /// Logical bytes in the file.
  [[nodiscard]] std::uint64_t size() const { return num_pages_ * payload(); }
  [[nodiscard]] const std::filesystem::path& name() const { return name_; }

  [[nodiscard]] std::uint64_t xmlBegin() const { return xml_begin_; }  ///< Logical.
  [[nodiscard]] std::uint64_t xmlBytes() const { return xml_bytes_; }

 private:
  static constexpr std::uint64_t kChecksumBytes = 4;

  [[nodiscard]] std::uint64_t payload() const { return page_bytes_ - kChecksumBytes; }
  [[nodiscard]] Status checkPage(std::uint64_t page) const;

  std::span<const std::byte> file_;
  std::filesystem::path name_;
  std::uint64_t page_bytes_ = 0, num_pages_ = 0;
  std::uint64_t xml_begin_ = 0, xml_bytes_ = 0;
  mutable std::uint64_t checked_page_ = ~std::uint64_t{0};  ///< Reads go on where the last one ended.
};

/// The checksum of a page: CRC-32C (Castagnoli). Cost: 1 ms for a megabyte.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes);

}  // namespace tagscape::e57
