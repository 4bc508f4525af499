#pragma once

#include "core/base/result.h"
#include "core/io/image_codec.h"
#include "core/scene/image.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace tagscape {

/// Depth in metres from an OpenEXR image: of its channel Z, Y, R or depth, or the only one that it has. What is not
/// finite or not positive becomes 0. Errors: InvalidInput if it is damaged, cut, larger than 64 megapixels or has no
/// such channel.
[[nodiscard]] Result<DepthImage> decodeExrDepth(std::span<const std::byte> bytes, const std::filesystem::path& name);

/// Errors: InvalidInput if its header cannot be read.
[[nodiscard]] Result<ImageSize> peekExrSize(std::span<const std::byte> bytes, const std::filesystem::path& name);

}  // namespace tagscape
