#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// The readers of untrusted bytes, each with a small good input to start from.
namespace tagscape::fuzz {

struct Reader {
  const char* name;
  /// Reads and looks at the result; what it returns does not matter.
  void (*read)(std::span<const std::byte> bytes);
  std::vector<std::byte> (*seed)();
};

[[nodiscard]] std::span<const Reader> allReaders();

}  // namespace tagscape::fuzz
