#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace tagscape {

/// The largest weight file that is read.
inline constexpr std::uint64_t kMaxWeightFileBytes = std::uint64_t{64} << 30;

/// Elements of a shape times their size, or nothing if that does not fit 63 bits or a side is negative.
[[nodiscard]] inline std::optional<std::uint64_t> tensorBytes(const std::vector<std::int64_t>& shape,
                                                              std::size_t element_bytes) {
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t bytes = element_bytes;
  bool empty = false;
  for (const std::int64_t side : shape) {
    if (side < 0) return std::nullopt;
    empty = empty || side == 0;
    if (side > 0 && bytes > kMax / static_cast<std::uint64_t>(side)) return std::nullopt;
    if (side > 0) bytes *= static_cast<std::uint64_t>(side);
  }
  return empty ? 0 : bytes;
}

}  // namespace tagscape
