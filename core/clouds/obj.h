#pragma once

#include "core/clouds/cloud_content.h"

#include <filesystem>
#include <string_view>

namespace tagscape {

/// Reads a Wavefront OBJ file: v (x y z, with w, with r g b in 0 … 1 or 0 … 255, or both), vn, f with any number of
/// corners and negative indices, lines that continue after a backslash. Materials and textures are not used, with a
/// note. Vertices without a colour in a file that has some become grey; normals are taken where every vertex has one.
/// Faces that name what is not there are left out with a note that counts them and names the first line.
/// Errors: InvalidInput naming the line of a vertex that is none, or if there are no vertices.
/// Source: the appendix B1 of Wavefront's Advanced Visualizer manual; colours after the position as MeshLab writes
/// them.
[[nodiscard]] Result<CloudContent> parseObj(std::string_view text, const std::filesystem::path& name);

}  // namespace tagscape
