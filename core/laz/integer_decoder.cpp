#include "core/laz/integer_decoder.h"

#include <algorithm>

namespace tagscape::laz {
namespace {
constexpr std::uint32_t kMaxUpperBits = 8;
constexpr std::uint32_t kWholeWord = 32;
}  // namespace

IntegerDecoder::IntegerDecoder(std::uint32_t num_bits, std::uint32_t num_contexts) : num_bits_(num_bits) {
  lengths_.assign(num_contexts, SymbolModel(num_bits + 1));
  for (std::uint32_t bits = 1; bits <= num_bits; ++bits) upper_bits_.emplace_back(1U << std::min(bits, kMaxUpperBits));
}

std::uint32_t IntegerDecoder::difference(ArithmeticDecoder& decoder) {
  if (last_bits_ == 0) return decoder.bit(single_bit_);
  if (last_bits_ == kWholeWord) return 0x80000000U;
  std::uint32_t value = decoder.symbol(upper_bits_[last_bits_ - 1]);
  if (last_bits_ > kMaxUpperBits) {
    const std::uint32_t num_lower = last_bits_ - kMaxUpperBits;
    value = (value << num_lower) | decoder.bits(num_lower);
  }
  // 0 … 2^k - 1 stand for -(2^k - 1) … -2^(k-1) and 2^(k-1) + 1 … 2^k: those that have k bits.
  return value >= (1U << (last_bits_ - 1)) ? value + 1 : value - ((1U << last_bits_) - 1);
}

std::int32_t IntegerDecoder::decode(ArithmeticDecoder& decoder, std::int32_t prediction, std::uint32_t context) {
  last_bits_ = decoder.symbol(lengths_[context]);
  const std::uint32_t value = static_cast<std::uint32_t>(prediction) + difference(decoder);
  if (num_bits_ == kWholeWord) return static_cast<std::int32_t>(value);
  return static_cast<std::int32_t>(value & ((1U << num_bits_) - 1));
}

}  // namespace tagscape::laz
