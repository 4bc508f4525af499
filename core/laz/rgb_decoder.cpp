#include "core/laz/rgb_decoder.h"

#include <algorithm>

namespace tagscape::laz {
namespace {

constexpr std::uint32_t kNumBytes = 6;
constexpr std::uint32_t kNumMasks = 128;
constexpr std::uint32_t kByteValues = 256;
constexpr std::uint32_t kIsColored = 1U << kNumBytes;

int byteOf(std::uint16_t value, std::uint32_t half) { return (value >> (8 * half)) & 0xff; }

}  // namespace

RgbDecoder::RgbDecoder() : changed_bytes_(kNumMasks), bytes_(kNumBytes, SymbolModel(kByteValues)) {}

Rgb16 RgbDecoder::decode(ArithmeticDecoder& decoder, const Rgb16& last) {
  const std::uint32_t changed = decoder.symbol(changed_bytes_);
  std::array<std::array<int, 2>, 3> bytes{};  // by channel and half
  const auto read = [&](std::uint32_t channel, std::uint32_t half, int expected_change) {
    const std::uint32_t index = 2 * channel + half;
    int value = byteOf(last[channel], half);
    if ((changed & (1U << index)) != 0) {
      const int expected = std::clamp(value + expected_change, 0, 0xff);
      value = (expected + static_cast<int>(decoder.symbol(bytes_[index]))) & 0xff;
    }
    bytes[channel][half] = value;
    return value - byteOf(last[channel], half);
  };
  // The two halves of red come first, then green and blue of each half.
  const std::array<int, 2> red_change{read(0, 0, 0), read(0, 1, 0)};
  for (const std::uint32_t half : {0U, 1U}) {
    if ((changed & kIsColored) == 0) {
      bytes[1][half] = bytes[2][half] = bytes[0][half];
      continue;
    }
    const int green_change = read(1, half, red_change[half]);
    read(2, half, (red_change[half] + green_change) / 2);
  }
  Rgb16 color{};
  for (std::size_t channel = 0; channel < color.size(); ++channel)
    color[channel] = static_cast<std::uint16_t>(bytes[channel][0] | (bytes[channel][1] << 8));
  return color;
}

}  // namespace tagscape::laz
