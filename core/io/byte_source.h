#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace tagscape {

/// Bytes that are read a piece at a time from wherever they lie: a file too large to hold, or memory in tests. Safe to
/// call from several threads at once.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// The name that messages give the source.
  [[nodiscard]] virtual const std::filesystem::path& name() const = 0;
  /// Fills `target` with the bytes from `offset` on.
  /// Errors: InvalidInput if they reach past the end; Io.
  [[nodiscard]] virtual Status read(std::uint64_t offset, std::span<std::byte> target) const = 0;

  /// `count` bytes from `offset` on; nothing is allocated if they reach past the end. Errors as read().
  [[nodiscard]] Result<std::vector<std::byte>> bytes(std::uint64_t offset, std::uint64_t count) const;
};

/// A file, read by position: no reader disturbs another, and only the requested bytes are read.
/// Errors: NotFound; InvalidInput if it is no regular file; Io.
[[nodiscard]] Result<std::shared_ptr<const ByteSource>> openByteSource(const std::filesystem::path& path);

/// Bytes in memory, which must live as long as the source.
[[nodiscard]] std::shared_ptr<const ByteSource> memoryByteSource(std::span<const std::byte> bytes,
                                                                 std::filesystem::path name);

/// The bytes of a whole file in memory that was not cleared first, on large pages where the system has them: reading
/// 50 MB this way takes half the time of filling a std::vector.
class FileBytes {
 public:
  /// Errors: NotFound; InvalidInput if it is no regular file or larger than `max_bytes`; Io.
  [[nodiscard]] static Result<FileBytes> read(const std::filesystem::path& path, std::uint64_t max_bytes);
  [[nodiscard]] std::span<const std::byte> span() const { return {data_.get(), size_}; }

 private:
  struct Unmap {
    std::size_t size;
    void operator()(std::byte* data) const;
  };
  std::unique_ptr<std::byte, Unmap> data_{nullptr, Unmap{0}};
  std::size_t size_ = 0;
};

}  // namespace tagscape
