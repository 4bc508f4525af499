#include "core/io/depth_codec.h"

#include "core/io/exr_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Export depth as 16-bit grey PNG, in millimetres";
constexpr std::uint16_t kNoDepth = 65535;

bool startsWith(std::span<const std::byte> bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}
bool isPng(std::span<const std::byte> bytes) { return startsWith(bytes, "\x89PNG"); }
bool isExr(std::span<const std::byte> bytes) { return startsWith(bytes, "\x76\x2f\x31\x01"); }
bool isPgm(std::span<const std::byte> bytes) { return startsWith(bytes, "P5"); }

struct PgmHeader {
  ImageSize size;
  int largest = 0;
  std::size_t begin = 0;
};

/// "P5", then width, height and largest value between blanks and comments, then one blank.
Result<PgmHeader> parsePgmHeader(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::array<int, 3> numbers{};
  std::size_t position = 2;
  for (int& number : numbers) {
    while (position < text.size() && (static_cast<unsigned char>(text[position]) <= ' ' || text[position] == '#')) {
      if (text[position] == '#')
        position = std::min(text.find('\n', position), text.size());
      else
        ++position;
    }
    const auto [end, problem] = std::from_chars(text.data() + position, text.data() + text.size(), number);
    if (problem != std::errc()) return failFile(ErrorCode::InvalidInput, name, "its PGM header has no size", kRemedy);
    position = static_cast<std::size_t>(end - text.data());
  }
  PgmHeader header{{numbers[0], numbers[1]}, numbers[2], position + 1};
  if (header.size.width <= 0 || header.size.height <= 0 || header.size.width > kMaxImagePixels / header.size.height)
    return failFile(ErrorCode::InvalidInput, name, "its PGM header has no usable size", kRemedy);
  return header;
}

DepthImage toMetres(const RawDepthImage& raw, double units_per_m) {
  DepthImage depth(raw.width, raw.height, 1);
  const auto scale = static_cast<float>(1 / units_per_m);
  std::transform(raw.pixels.begin(), raw.pixels.end(), depth.pixels.begin(), [scale](std::uint16_t value) {
    return value == kNoDepth ? 0.0F : static_cast<float>(value) * scale;
  });
  return depth;
}

Result<DepthImage> decodePgm(std::span<const std::byte> bytes, double units_per_m, const std::filesystem::path& name) {
  TAGSCAPE_ASSIGN(const PgmHeader header, parsePgmHeader(bytes, name));
  if (header.largest <= 255)
    return failFile(ErrorCode::InvalidInput, name, "an 8-bit image, which is too coarse for depth", kRemedy);
  const auto count = static_cast<std::size_t>(header.size.width) * static_cast<std::size_t>(header.size.height);
  if (header.begin > bytes.size() || bytes.size() - header.begin < 2 * count)
    return failFile(ErrorCode::InvalidInput, name, "it is cut", "Copy or export the file again");
  RawDepthImage raw(header.size.width, header.size.height, 1);
  const std::byte* from = bytes.data() + header.begin;
  for (std::size_t i = 0; i < count; ++i) {
    raw.pixels[i] =
        static_cast<std::uint16_t>((static_cast<unsigned>(from[2 * i]) << 8) | static_cast<unsigned>(from[2 * i + 1]));
  }
  return toMetres(raw, units_per_m);
}

/// The byte of a PNG's header that has the bits per channel, and the one after it with the kind of colour.
constexpr std::size_t kPngBitDepth = 24;

}  // namespace

Result<DepthImage> decodeDepth(std::span<const std::byte> bytes,
                               double units_per_m,
                               const std::filesystem::path& name) {
  if (isExr(bytes)) return decodeExrDepth(bytes, name);
  if (isPgm(bytes)) return decodePgm(bytes, units_per_m, name);
  if (!isPng(bytes)) return failFile(ErrorCode::Unsupported, name, "neither PNG nor PGM nor OpenEXR", kRemedy);
  if (bytes.size() > kPngBitDepth + 1 && bytes[kPngBitDepth + 1] == std::byte{0} &&
      bytes[kPngBitDepth] != std::byte{16}) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("a {}-bit image, which is too coarse for depth", static_cast<int>(bytes[kPngBitDepth])),
                    kRemedy);
  }
  TAGSCAPE_ASSIGN(const auto raw, decodePng16(bytes, name));
  return toMetres(raw, units_per_m);
}

Result<ImageSize> peekDepthSize(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  if (isExr(bytes)) return peekExrSize(bytes, name);
  if (!isPgm(bytes)) return peekImageSize(bytes, name);
  TAGSCAPE_ASSIGN(const PgmHeader header, parsePgmHeader(bytes, name));
  return header.size;
}

}  // namespace tagscape
