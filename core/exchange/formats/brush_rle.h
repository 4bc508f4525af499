#pragma once

#include "core/base/result.h"
#include "core/scene/image.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape::formats {

/// A mask in the bit stream of Label Studio's brush: an RGBA image in rows, each channel 255 where the mask is set.
/// Bits from the highest: 32 the number of values, 5 the size of a value less 1, four times 4 the sizes of run lengths
/// less 1; then runs: 1 bit whether a value repeats, 2 bits which size, the length less 1, the value or the values.
/// Source: label-studio-converter, brush.py, and rle-pack of thi.ng/umbrella.
[[nodiscard]] std::vector<std::uint8_t> encodeBrush(const Image<std::uint8_t>& mask);

/// The mask is what is more than half opaque. Errors: InvalidInput if the stream is cut short or of another size.
[[nodiscard]] Result<Image<std::uint8_t>> decodeBrush(std::span<const std::uint8_t> bytes, int width, int height);

}  // namespace tagscape::formats
