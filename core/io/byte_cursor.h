#pragma once

#include "core/base/result.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace tagscape {

/// Walks through bytes from the front, little-endian, and never past their end. A view: the bytes must outlive it.
class ByteCursor {
 public:
  ByteCursor(std::span<const std::byte> bytes, std::filesystem::path name, std::string_view remedy)
      : bytes_(bytes), name_(std::move(name)), remedy_(remedy) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
  [[nodiscard]] const std::filesystem::path& name() const { return name_; }

  /// InvalidInput with the place: "<name>: at byte <position>: <problem>. <remedy>".
  [[nodiscard]] tl::unexpected<Error> refuse(std::string_view problem) const { return refuseAt(position_, problem); }
  [[nodiscard]] tl::unexpected<Error> refuseAt(std::size_t position, std::string_view problem) const {
    return failFile(
        ErrorCode::InvalidInput, name_, "at byte " + std::to_string(position) + ": " + std::string(problem), remedy_);
  }

  /// The next `count` bytes. Errors: InvalidInput if fewer are left.
  [[nodiscard]] Result<std::span<const std::byte>> take(std::uint64_t count) {
    if (count > remaining()) {
      return refuse("it ends after " + std::to_string(remaining()) + " more bytes, but " + std::to_string(count) +
                    " are needed");
    }
    const auto found = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += found.size();
    return found;
  }

  /// One number. Errors as take().
  template <class T>
  [[nodiscard]] Result<T> number() {
    static_assert(std::endian::native == std::endian::little);
    TAGSCAPE_ASSIGN(const auto found, take(sizeof(T)));
    T value;
    std::memcpy(&value, found.data(), sizeof(T));
    return value;
  }

  /// `count` bytes as text. Errors as take().
  [[nodiscard]] Result<std::string_view> text(std::uint64_t count) {
    TAGSCAPE_ASSIGN(const auto found, take(count));
    return std::string_view(reinterpret_cast<const char*>(found.data()), found.size());
  }

 private:
  std::span<const std::byte> bytes_;
  std::filesystem::path name_;
  std::string_view remedy_;
  std::size_t position_ = 0;
};

}  // namespace tagscape
