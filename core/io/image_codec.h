#pragma once

#include "core/base/result.h"
#include "core/scene/image.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace tagscape {

/// The largest image that is decoded: 64 megapixels. A header that claims more is refused before anything is allocated.
inline constexpr std::int64_t kMaxImagePixels = std::int64_t{64} << 20;

struct ImageSize {
  int width = 0;
  int height = 0;
  friend bool operator==(const ImageSize&, const ImageSize&) = default;
};

/// Every function here takes the file's bytes and the `name` that messages give it. Errors: InvalidInput with what is
/// wrong; a file that was cut is an error, not a picture with a grey rest.

/// Size from the header alone; JPEG or PNG.
[[nodiscard]] Result<ImageSize> peekImageSize(std::span<const std::byte> bytes, const std::filesystem::path& name);

/// 8-bit colour from a JPEG, or from a PNG of 8 or 16 bits, grey or colour.
[[nodiscard]] Result<RgbImage> decodeColor(std::span<const std::byte> bytes, const std::filesystem::path& name);

/// One 16-bit channel from a grey PNG (8-bit PNGs are widened, not scaled): depth maps and label images.
[[nodiscard]] Result<RawDepthImage> decodePng16(std::span<const std::byte> bytes, const std::filesystem::path& name);

[[nodiscard]] Result<std::vector<std::byte>> encodePng(const RgbImage& image);
[[nodiscard]] Result<std::vector<std::byte>> encodePng16(const RawDepthImage& image);
/// One 8-bit channel, grey: label images.
[[nodiscard]] Result<std::vector<std::byte>> encodePng8(const Image<std::uint8_t>& image);
/// @param quality  1 … 100. Chroma is halved both ways, as cameras write it.
[[nodiscard]] Result<std::vector<std::byte>> encodeJpeg(const RgbImage& image, int quality);

}  // namespace tagscape
