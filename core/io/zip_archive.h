#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tagscape {

/// Reads entries of a zip file without unpacking it to disk: no name in it is ever used as a path. Safe from several
/// threads at once (one entry is unpacked at a time).
class ZipArchive {
 public:
  /// Errors: NotFound; InvalidInput if it is no zip file or its directory is damaged.
  [[nodiscard]] static Result<std::shared_ptr<const ZipArchive>> open(const std::filesystem::path& path);
  /// The twin for bytes in memory, which must outlive it.
  [[nodiscard]] static Result<std::shared_ptr<const ZipArchive>> parse(std::span<const std::byte> bytes,
                                                                       const std::filesystem::path& name);
  ~ZipArchive();

  /// The names of all entries, by index.
  [[nodiscard]] const std::vector<std::string>& names() const;
  /// The bytes of one entry.
  /// Errors: InvalidInput naming the entry if it is damaged or encrypted, or claims to unpack to more than `max_bytes`
  /// or than its packed bytes can hold; nothing is allocated for such a claim.
  [[nodiscard]] Result<std::vector<std::byte>> read(std::size_t index, std::uint64_t max_bytes) const;

 private:
  struct Impl;
  explicit ZipArchive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape
