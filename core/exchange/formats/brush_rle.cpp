#include "core/exchange/formats/brush_rle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace tagscape::formats {
namespace {

constexpr std::size_t kChannels = 4;
constexpr unsigned kValueBits = 8;
constexpr std::array<unsigned, 4> kSizes{3, 4, 8, 16};

class BitWriter {
 public:
  void put(std::uint32_t value, unsigned count) {
    while (count-- > 0) {
      if (filled_ == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | ((value >> count & 1U) << (7 - filled_)));
      filled_ = (filled_ + 1) % 8;
    }
  }
  [[nodiscard]] std::vector<std::uint8_t> take() && { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
  unsigned filled_ = 0;  // bits of the last byte
};

class BitReader {
 public:
  explicit BitReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool has(std::uint64_t count) const { return at_ + count <= std::uint64_t{8} * bytes_.size(); }
  std::uint32_t take(unsigned count) {
    std::uint32_t value = 0;
    for (; count > 0; --count, ++at_) value = value << 1U | (bytes_[at_ / 8] >> (7 - at_ % 8) & 1U);
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::uint64_t at_ = 0;
};

void putRun(BitWriter& bits, std::size_t length, std::uint8_t value) {
  while (length > 0) {
    unsigned size = 0;
    while (size + 1 < kSizes.size() && length > (std::size_t{1} << kSizes[size])) ++size;
    const std::size_t part = std::min(length, std::size_t{1} << kSizes[size]);
    bits.put(1, 1);
    bits.put(size, 2);
    bits.put(static_cast<std::uint32_t>(part - 1), kSizes[size]);
    bits.put(value, kValueBits);
    length -= part;
  }
}

tl::unexpected<Error> refuse(std::string problem) { return fail(ErrorCode::InvalidInput, std::move(problem)); }

}  // namespace

std::vector<std::uint8_t> encodeBrush(const Image<std::uint8_t>& mask) {
  BitWriter bits;
  bits.put(static_cast<std::uint32_t>(mask.pixels.size() * kChannels), 32);
  bits.put(kValueBits - 1, 5);
  for (const unsigned size : kSizes) bits.put(size - 1, 4);
  for (std::size_t begin = 0; begin < mask.pixels.size();) {
    std::size_t end = begin;
    while (end < mask.pixels.size() && (mask.pixels[end] != 0) == (mask.pixels[begin] != 0)) ++end;
    putRun(bits, (end - begin) * kChannels, mask.pixels[begin] != 0 ? 255 : 0);
    begin = end;
  }
  bits.put(0, 8);  // the converter's writer pads, too, and its reader asks for bits after the last run
  return std::move(bits).take();
}

Result<Image<std::uint8_t>> decodeBrush(std::span<const std::uint8_t> bytes, int width, int height) {
  constexpr std::uint8_t kHalf = 128;
  constexpr std::size_t kAlpha = 3;
  Image<std::uint8_t> mask(width, height, 1);
  BitReader bits(bytes);
  if (!bits.has(53)) return refuse("its brush mask is cut short");
  const std::size_t count = bits.take(32);
  const unsigned value_bits = bits.take(5) + 1;
  std::array<unsigned, 4> sizes{};
  for (unsigned& size : sizes) size = bits.take(4) + 1;
  if (count != mask.pixels.size() * kChannels || value_bits != kValueBits)
    return refuse(fmt::format("its brush mask has {} values, and an image of {} x {} pixels {}",
                              count,
                              width,
                              height,
                              mask.pixels.size() * kChannels));
  for (std::size_t at = 0; at < count;) {
    if (!bits.has(3)) return refuse("its brush mask is cut short");
    const bool repeats = bits.take(1) != 0;
    const unsigned size = sizes[bits.take(2)];
    if (!bits.has(size)) return refuse("its brush mask is cut short");
    const std::size_t length = bits.take(size) + std::size_t{1};
    if (length > count - at || !bits.has(std::uint64_t{kValueBits} * (repeats ? 1 : length)))
      return refuse("its brush mask is cut short");
    std::uint32_t value = repeats ? bits.take(kValueBits) : 0;
    for (std::size_t i = 0; i < length; ++i, ++at) {
      if (!repeats) value = bits.take(kValueBits);
      if (at % kChannels == kAlpha) mask.pixels[at / kChannels] = value >= kHalf ? 1 : 0;
    }
  }
  return mask;
}

}  // namespace tagscape::formats
