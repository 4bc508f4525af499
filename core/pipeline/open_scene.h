#pragma once

#include "core/base/job.h"
#include "core/geometry/fuse.h"
#include "core/scans/conventions.h"
#include "core/scans/data_set.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <optional>

namespace tagscape {

struct OpenOptions {
  FuseOptions fuse;     ///< For scans that come without a mesh.
  Conventions given{};  ///< Conventions that no file of the scan states: units of depth, directions of poses, cameras.
  bool prefers_frames_25k = false;  ///< As in ScanNetOptions.
  bool use_cache = true;            ///< Read a mesh fused before with the same options, and keep one that is fused now.
};

/// Opens whatever scan a person named (see scan_layout.h), complete with a mesh: if it comes without one and has depth
/// maps, these are fused unless the user's cache folder has the result. A point cloud or mesh file is a scene without
/// frames. Parts that are broken become warnings of the scene; the rest stays usable.
///
/// Errors: NotFound, InvalidInput with the file and a remedy when nothing usable is there; Cancelled.
[[nodiscard]] Result<SharedScene> openScene(const std::filesystem::path& path,
                                            const OpenOptions& options,
                                            const Job& job);

/// As openScene, but nothing is fused: the mesh is empty unless the scan has one or it is in the cache.
[[nodiscard]] Result<SharedScene> peekScene(const std::filesystem::path& path, const OpenOptions& options);

/// The data set in a folder that is no scan itself: it holds folders, and one of the first few is a scan. Paths are
/// canonical, as Scene::path is. Nothing if it is none. Cost: as scanDataSet.
[[nodiscard]] std::optional<DataSet> findDataSet(const std::filesystem::path& path);

}  // namespace tagscape
