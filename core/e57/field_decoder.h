#pragma once

#include "core/e57/e57_document.h"

#include <vector>

namespace tagscape::e57 {

/// Decodes the stream of a field: values of `numBits()` bits one after the other, lowest bits first.
class FieldDecoder {
 public:
  explicit FieldDecoder(const Field& field);

  /// Appends the values that `bytes` completes to values(). Bits that are left over begin the next value, unless the
  /// coder was restarted.
  void append(std::span<const std::byte> bytes, bool restarts);

  /// Whether all values are alike, so that the stream is empty.
  [[nodiscard]] bool isConstant() const { return num_bits_ == 0; }
  [[nodiscard]] double constant() const { return valueOf(0); }

  /// Decoded values that were not dropped.
  [[nodiscard]] const std::vector<double>& values() const { return values_; }
  /// Drops the first `count` values.
  void drop(std::size_t count);

 private:
  [[nodiscard]] double valueOf(std::uint64_t bits) const;

  Field field_;
  std::uint32_t num_bits_;
  std::vector<double> values_;
  std::uint64_t rest_ = 0;       ///< Bits of the value that is not complete.
  std::uint32_t rest_bits_ = 0;  ///< How many; below `num_bits_`.
};

}  // namespace tagscape::e57
