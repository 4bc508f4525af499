#pragma once

#include "core/clouds/cloud_content.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace tagscape {

/// Reads a PCD file of the Point Cloud Library, version .5 to .7: ascii, binary or binary_compressed. Fields are found
/// by name, upper case as lower case: x y z, normal_x … or nx …, rgb or rgba (packed, of any 4-byte type), red green
/// blue or r g b; label columns become scalars, others are named in a note. A VIEWPOINT that is no identity is not
/// applied, with a note: points stay in the frame of the file, as PCL's own algorithms take them. Errors: InvalidInput
/// naming the header's line or the field; if the data are cut in a compressed file, or nothing is left. Of a cut ascii
/// or binary file the whole points are read, with a note. Source: the format's description in PCL's documentation; LZF
/// as libLZF defines it.
[[nodiscard]] Result<CloudContent> parsePcd(std::span<const std::byte> bytes, const std::filesystem::path& name);

}  // namespace tagscape
