#pragma once

#include "core/geometry/fuse.h"
#include "core/scans/conventions.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace tagscape {

/// Where the fused mesh of a scan is kept between starts: the user's cache folder, under a name that changes with the
/// scan's files (path, size, time of every depth map, pose and colour image), the options and the version of the fusing
/// code. Nothing is written beside the scan.
[[nodiscard]] std::filesystem::path fusedMeshFile(const Scene& scene,
                                                  const FuseOptions& options,
                                                  const Conventions& given = {});

struct FusedMesh {
  Mesh mesh;
  std::vector<SceneWarning> skipped;  ///< Frames that could not take part, and why.
};

/// What is kept there; nothing if there is none or it cannot be read (then it is simply fused again).
[[nodiscard]] std::optional<FusedMesh> readFusedMesh(const std::filesystem::path& file);

/// Keeps a mesh, and beside it what was wrong with the scan when it was fused. A cache that cannot be written costs
/// time, not results: the caller may go on after an error.
[[nodiscard]] Status writeFusedMesh(const std::filesystem::path& file,
                                    const Mesh& mesh,
                                    const std::vector<SceneWarning>& skipped);

}  // namespace tagscape
