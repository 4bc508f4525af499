#include "core/laz/arithmetic_decoder.h"

#include <algorithm>

namespace tagscape::laz {
namespace {

constexpr std::uint32_t kShortestLength = 1U << 24;
constexpr std::uint32_t kSymbolBits = 15;  // precision of the probabilities of symbols
constexpr std::uint32_t kBitBits = 13;     // and of bits
constexpr std::uint32_t kOne = 0x80000000U;
constexpr std::uint32_t kByte = 8;

}  // namespace

SymbolModel::SymbolModel(std::uint32_t num_symbols)
    : num_symbols_(num_symbols), update_cycle_(num_symbols), distribution_(num_symbols), counts_(num_symbols, 1) {
  constexpr std::uint32_t kFewSymbols = 16;
  if (num_symbols > kFewSymbols) {
    std::uint32_t table_bits = 3;
    while (num_symbols > (1U << (table_bits + 2))) ++table_bits;
    table_shift_ = kSymbolBits - table_bits;
    table_.resize((std::size_t{1} << table_bits) + 2);
  }
  update();
  update_cycle_ = (num_symbols + 6) >> 1;
  symbols_until_update_ = update_cycle_;
}

void SymbolModel::update() {
  constexpr std::uint32_t kMaxCounts = 1U << kSymbolBits;
  total_count_ += update_cycle_;
  if (total_count_ > kMaxCounts) {
    total_count_ = 0;
    for (auto& count : counts_) {
      count = (count + 1) >> 1;
      total_count_ += count;
    }
  }
  const std::uint32_t scale = kOne / total_count_;
  std::uint32_t sum = 0;
  std::size_t next = 0;  // entries of the table before this one are known
  for (std::uint32_t k = 0; k < num_symbols_; ++k) {
    distribution_[k] = (scale * sum) >> (31 - kSymbolBits);
    sum += counts_[k];
    if (table_.empty()) continue;
    for (const std::uint32_t cell = distribution_[k] >> table_shift_; next < cell;) table_[++next] = k - 1;
  }
  if (!table_.empty()) {
    table_[0] = 0;
    while (next + 1 < table_.size()) table_[++next] = num_symbols_ - 1;
  }
  update_cycle_ = std::min((5 * update_cycle_) >> 2, (num_symbols_ + 6) << 3);
  symbols_until_update_ = update_cycle_;
}

void BitModel::update() {
  constexpr std::uint32_t kMaxCounts = 1U << kBitBits;
  constexpr std::uint32_t kLongestCycle = 64;
  count_ += update_cycle_;
  if (count_ > kMaxCounts) {
    count_ = (count_ + 1) >> 1;
    zero_count_ = (zero_count_ + 1) >> 1;
    if (zero_count_ == count_) ++count_;
  }
  zero_probability_ = (zero_count_ * (kOne / count_)) >> (31 - kBitBits);
  update_cycle_ = std::min((5 * update_cycle_) >> 2, kLongestCycle);
  bits_until_update_ = update_cycle_;
}

ArithmeticDecoder::ArithmeticDecoder(std::span<const std::byte> bytes) : bytes_(bytes) {
  for (int i = 0; i < 4; ++i) value_ = (value_ << kByte) | nextByte();
  value_ = std::min(value_, length_ - 1);  // no encoder writes more
}

std::uint32_t ArithmeticDecoder::nextByte() {
  if (position_ < bytes_.size()) return std::to_integer<std::uint32_t>(bytes_[position_++]);
  is_past_end_ = true;
  return 0;
}

void ArithmeticDecoder::renormalize() {
  while (length_ < kShortestLength) {
    value_ = (value_ << kByte) | nextByte();
    length_ <<= kByte;
  }
}

std::uint32_t ArithmeticDecoder::symbol(SymbolModel& model) {
  std::uint32_t above = length_;  // of the interval of the symbol, as is `below`
  length_ >>= kSymbolBits;
  const std::uint32_t cell = value_ / length_;
  std::uint32_t low = 0;
  std::uint32_t high = model.num_symbols_;
  if (!model.table_.empty()) {
    const std::uint32_t entry = cell >> model.table_shift_;
    low = model.table_[entry];
    high = model.table_[entry + 1] + 1;
  }
  while (high > low + 1) {
    const std::uint32_t middle = (low + high) >> 1;
    (model.distribution_[middle] > cell ? high : low) = middle;
  }
  const std::uint32_t below = model.distribution_[low] * length_;
  if (low + 1 < model.num_symbols_) above = model.distribution_[low + 1] * length_;
  value_ -= below;
  length_ = above - below;
  renormalize();
  ++model.counts_[low];
  if (--model.symbols_until_update_ == 0) model.update();
  return low;
}

std::uint32_t ArithmeticDecoder::bit(BitModel& model) {
  const std::uint32_t split = model.zero_probability_ * (length_ >> kBitBits);
  const bool is_one = value_ >= split;
  if (is_one) {
    value_ -= split;
    length_ -= split;
  } else {
    length_ = split;
    ++model.zero_count_;
  }
  renormalize();
  if (--model.bits_until_update_ == 0) model.update();
  return is_one ? 1 : 0;
}

std::uint32_t ArithmeticDecoder::bits(std::uint32_t num_bits) {
  constexpr std::uint32_t kAtOnce = 19, kShort = 16;
  if (num_bits > kAtOnce) {
    const std::uint32_t lower = bits(kShort);
    return (bits(num_bits - kShort) << kShort) | lower;
  }
  length_ >>= num_bits;
  const std::uint32_t value = value_ / length_;
  value_ -= length_ * value;
  renormalize();
  return value & ((1U << num_bits) - 1);
}

}  // namespace tagscape::laz
