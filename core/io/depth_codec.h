#pragma once

#include "core/base/result.h"
#include "core/io/image_codec.h"
#include "core/scene/image.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace tagscape {

/// A depth map in metres, 0 where there is none, from a 16-bit grey PNG, a 16-bit PGM (P5), or an OpenEXR image of one
/// channel, whose floats are metres already. 65535 counts as none, as 7-Scenes and others write it; so does what is not
/// finite or negative.
/// @param units_per_m  of whole numbers: 1000 for millimetres.
/// Errors: InvalidInput saying what the file is instead, 8-bit and colour images among them; if it is cut; Unsupported
/// for an image in another format.
[[nodiscard]] Result<DepthImage> decodeDepth(std::span<const std::byte> bytes,
                                             double units_per_m,
                                             const std::filesystem::path& name);

/// Size from the header alone, of what decodeDepth and decodeColor read.
[[nodiscard]] Result<ImageSize> peekDepthSize(std::span<const std::byte> bytes, const std::filesystem::path& name);

}  // namespace tagscape
