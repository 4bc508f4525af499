#pragma once

#include "core/base/job.h"
#include "core/geometry/fuse.h"
#include "core/scene/scene.h"

#include <filesystem>

namespace tagscape {

struct OpenOptions {
  FuseOptions fuse;       ///< For scans that come without a mesh.
  bool use_cache = true;  ///< Read a mesh fused before with the same options, and keep one that is fused now.
};

/// Opens what a person named, complete with a mesh: frames and tags are read, depth maps are fused unless the user's
/// cache folder has the result. Parts that are broken become warnings of the scene; the rest stays usable.
///
/// Errors: NotFound, InvalidInput with the file and a remedy when nothing usable is there; Cancelled.
[[nodiscard]] Result<SharedScene> openScene(const std::filesystem::path& path,
                                            const OpenOptions& options,
                                            const Job& job);

/// Only frames, cameras and tags, in milliseconds; the mesh is empty unless it is in the cache.
[[nodiscard]] Result<SharedScene> peekScene(const std::filesystem::path& path, const OpenOptions& options);

}  // namespace tagscape
