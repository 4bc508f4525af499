#pragma once

#include "core/clouds/cloud_content.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace tagscape {

/// Reads the scans of an E57 file, put together by their poses: positions (cartesian or spherical), colours, normals
/// (the extension "nor"), and columns of labels. Points that are marked as invalid are left out with a note; so are
/// images, intensities, rows and columns.
/// Errors: InvalidInput if no scan has positions; those of e57::PagedBytes, readDocument and decodePoints.
/// Source: ASTM E2807-11, Standard Specification for 3D Imaging Data Exchange, Version 1.0.
[[nodiscard]] Result<CloudContent> parseE57(std::span<const std::byte> bytes, const std::filesystem::path& name);

}  // namespace tagscape
