#pragma once

#include "core/base/result.h"
#include "core/scene/point_cloud.h"

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace tagscape {

/// A mesh and further numbers per vertex, by property name ("label", "scalar_Classification").
struct PlyContent {
  Mesh mesh;
  std::map<std::string, std::vector<float>> vertex_scalars;
};

/// Reads a PLY file: ascii, binary little or big endian; properties are found by name (x y z, red green blue, nx ny nz,
/// vertex_indices or vertex_index), other scalar vertex properties become vertex_scalars, other elements are skipped.
/// Faces with more than three corners become a fan of triangles.
/// Errors: NotFound; InvalidInput naming header line, vertex or face when the header is none, a count does not fit the
/// file's size, the file is cut, a coordinate is not finite, or a face names a vertex that does not exist.
/// Cost: one pass over the file's bytes; a block of vertices is decoded on several threads.
[[nodiscard]] Result<PlyContent> readPly(const std::filesystem::path& path);
[[nodiscard]] Result<PlyContent> parsePly(std::span<const std::byte> bytes, const std::filesystem::path& name);

/// How writePly deviates from what it does by itself.
struct PlyStyle {
  bool has_alpha = false;                ///< A fourth colour property, 255, as ScanNet's meshes have.
  std::set<std::string> ushort_scalars;  ///< Scalars written as whole numbers from 0 to 65535: ScanNet's "label".
};

/// Writes a binary little-endian PLY: float x y z, then nx ny nz and uchar red green blue where the mesh has them, then
/// one float property per entry of vertex_scalars, and faces where it has them. Replaced atomically.
/// CloudCompare shows a property named scalar_<Name> as scalar field <Name>.
/// Errors: NotWritable.
[[nodiscard]] Status writePly(const std::filesystem::path& path,
                              const PlyContent& content,
                              const std::string& comment = {},
                              const PlyStyle& style = {});

}  // namespace tagscape
