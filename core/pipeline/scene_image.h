#pragma once

#include "core/base/result.h"
#include "core/scene/image.h"

#include <filesystem>

namespace tagscape {

/// A colour image that stands for a scene that is not open: of its frame in the middle of the scan that has one. Meshes
/// and labels are not read.
///
/// Errors: NotFound if the scan has no frames with colour; those of readScan and of the image.
/// Cost: the frames' listing (the index of a .sens file from the cache) and one image.
[[nodiscard]] Result<RgbImage> representativeImage(const std::filesystem::path& scan);

}  // namespace tagscape
