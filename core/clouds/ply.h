#pragma once

#include "core/base/result.h"
#include "core/clouds/cloud_content.h"

#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace tagscape {

using PlyContent = CloudContent;

/// Reads a PLY file: ascii, binary little or big endian; properties are found by name: x y z, nx ny nz, vertex_indices
/// or vertex_index, and of colours the first of red green blue, diffuse_red …, r g b, f_dc_0 … (3D Gaussian splats,
/// degree 0 of their spherical harmonics) that is whole; upper case counts as lower case. Other scalar vertex
/// properties become vertex_scalars, other elements are skipped with a note. Faces with more than three corners are cut
/// into triangles. Vertices that are not finite are left out with the faces that use them, with a note. Colours: see
/// colorsToBytes. Errors: NotFound; InvalidInput naming header line, vertex or face when the header is none, a count
/// does not fit the file's size, the file is cut, no coordinate is finite, or a face names a vertex that does not
/// exist. Cost: one pass over the file's bytes; a block of vertices is decoded on several threads.
[[nodiscard]] Result<PlyContent> readPly(const std::filesystem::path& path);
[[nodiscard]] Result<PlyContent> parsePly(std::span<const std::byte> bytes, const std::filesystem::path& name);

/// How writePly deviates from what it does by itself.
struct PlyStyle {
  bool has_alpha = false;                ///< A fourth colour property, 255, as ScanNet's meshes have.
  std::set<std::string> ushort_scalars;  ///< Scalars written as whole numbers from 0 to 65535: ScanNet's "label".
};

/// Writes a binary little-endian PLY: float x y z (double with the offset added, where it is not 0), then nx ny nz and
/// uchar red green blue where the mesh has them, then one float property per entry of vertex_scalars, and faces where
/// it has them. A comment of several lines has its lines joined by "\ncomment ". Replaced atomically. CloudCompare
/// shows a property named scalar_<Name> as scalar field <Name>. Errors: NotWritable.
[[nodiscard]] Status writePly(const std::filesystem::path& path,
                              const PlyContent& content,
                              const std::string& comment = {},
                              const PlyStyle& style = {});

/// The same as bytes.
[[nodiscard]] std::vector<std::byte> encodePly(const PlyContent& content,
                                               const std::string& comment = {},
                                               const PlyStyle& style = {});

}  // namespace tagscape
