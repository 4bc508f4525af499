#include "core/e57/field_decoder.h"

#include <algorithm>
#include <bit>

namespace tagscape::e57 {

FieldDecoder::FieldDecoder(const Field& field) : field_(field), num_bits_(field.numBits()) {}

double FieldDecoder::valueOf(std::uint64_t bits) const {
  if (field_.type == FieldType::Float) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  if (field_.type == FieldType::Double) return std::bit_cast<double>(bits);
  const auto integer = static_cast<std::int64_t>(static_cast<std::uint64_t>(field_.minimum) + bits);
  if (field_.type == FieldType::Integer) return static_cast<double>(integer);
  return static_cast<double>(integer) * field_.scale + field_.offset;
}

void FieldDecoder::append(std::span<const std::byte> bytes, bool restarts) {
  if (restarts) rest_ = rest_bits_ = 0;
  if (isConstant()) return;
  constexpr std::uint32_t kByte = 8;
  values_.reserve(values_.size() + (bytes.size() * kByte + rest_bits_) / num_bits_);
  for (const std::byte byte : bytes) {
    auto value = std::to_integer<std::uint64_t>(byte);
    std::uint32_t left = kByte;
    while (left > 0) {  // several values may end in a byte
      const std::uint32_t taken = std::min(left, num_bits_ - rest_bits_);
      rest_ |= (value & ((std::uint64_t{1} << taken) - 1)) << rest_bits_;
      rest_bits_ += taken;
      value >>= taken;
      left -= taken;
      if (rest_bits_ < num_bits_) continue;
      values_.push_back(valueOf(rest_));
      rest_ = rest_bits_ = 0;
    }
  }
}

void FieldDecoder::drop(std::size_t count) {
  values_.erase(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace tagscape::e57
