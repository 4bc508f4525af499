#pragma once

#include <array>
#include <cstdint>

namespace tagscape::laz {

/// The median of a stream, of the last few values about it.
class StreamingMedian {
 public:
  [[nodiscard]] std::int32_t get() const { return values_[2]; }
  void add(std::int32_t value);

 private:
  std::array<std::int32_t, 5> values_{};  ///< Sorted.
  bool drops_largest_ = true;
};

/// Contexts by the number of a return and of all returns of its pulse, as LASzip assigns them. Arguments are taken
/// modulo 8 and 16.
[[nodiscard]] std::uint32_t returnMap8(std::uint32_t num_returns, std::uint32_t return_number);     ///< 0 … 15.
[[nodiscard]] std::uint32_t returnLevel8(std::uint32_t num_returns, std::uint32_t return_number);   ///< 0 … 7.
[[nodiscard]] std::uint32_t returnMap16(std::uint32_t num_returns, std::uint32_t return_number);    ///< 0 … 5.
[[nodiscard]] std::uint32_t returnLevel16(std::uint32_t num_returns, std::uint32_t return_number);  ///< 0 … 7.

/// The context of a coordinate by the bits of the ones before it and by whether its pulse has a single return.
[[nodiscard]] inline std::uint32_t bitsContext(std::uint32_t bits, std::uint32_t most, bool is_single) {
  return (bits < most ? bits & ~1U : most) + (is_single ? 1 : 0);
}

}  // namespace tagscape::laz
