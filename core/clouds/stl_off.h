#pragma once

#include "core/clouds/cloud_content.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace tagscape {

/// Reads an STL file, binary or text. Corners that coincide become one vertex.
/// Errors: InvalidInput if it is cut or holds no triangle.
[[nodiscard]] Result<CloudContent> parseStl(std::span<const std::byte> bytes, const std::filesystem::path& name);

/// Reads an OFF file in text, with normals and colours of vertices where its first word has N and C (COFF, NOFF,
/// CNOFF). Errors: InvalidInput if a count does not fit the file, something is no number, or a face names a missing
/// vertex. Source: Geomview's description of the format.
[[nodiscard]] Result<CloudContent> parseOff(std::string_view text, const std::filesystem::path& name);

}  // namespace tagscape
