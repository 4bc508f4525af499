#pragma once

#include "core/clouds/cloud_content.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

namespace tagscape {

/// Reads the bytes of a file beside a .gltf, by the relative name in it.
using BufferReader = std::function<Result<std::vector<std::byte>>(const std::string& uri)>;

/// Reads a glTF 2.0 scene, .glb or .gltf: the meshes of the nodes of its default scene (of all nodes if it has none) at
/// their places, with transforms of all parents and once for each node that uses them; triangles, strips, fans and
/// points; colours (COLOR_0, else the base colour of the material), normals. Accessors may be interleaved, normalised
/// or sparse. By glTF's rule y is up; coordinates are kept as they are, with a note. Textures, lines, skins and morph
/// targets are not used, with a note. Errors: Unsupported naming a compression that it requires (Draco, meshopt);
/// InvalidInput naming the accessor, buffer or node that does not fit, or if there is nothing to show; those of `read`.
/// Source: Khronos, glTF 2.0 specification.
[[nodiscard]] Result<CloudContent> parseGltf(std::span<const std::byte> bytes,
                                             const std::filesystem::path& name,
                                             const BufferReader& read);

}  // namespace tagscape
