#pragma once

#include "core/clouds/cloud_content.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace tagscape {

/// Reads a LAS or LAZ file, version 1.0 to 1.4, point formats 0 to 10: coordinates, colours where the format has them,
/// and the classification as the scalar "classification", with the names of the ASPRS or of the file's own lookup
/// table. Points that are marked as withheld are left out with a note. Errors: InvalidInput if the header is none or
/// does not fit the file, or compressed points end at once; those of laz::parseCompression and laz::decodePoints.
/// Source: ASPRS, LAS Specification 1.4-R15.
[[nodiscard]] Result<CloudContent> parseLas(std::span<const std::byte> bytes, const std::filesystem::path& name);

}  // namespace tagscape
