#pragma once

#include "core/base/result.h"
#include "core/scans/conventions.h"
#include "core/scans/scannet_scene.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tagscape {

enum class ScanKind {
  Unknown,
  ScanNetScene,  ///< A folder of scans/, as downloaded.
  SensFile,      ///< A single .sens file.
  FrameFolder,   ///< Frames as SensReader exports them.
  Frames25k,     ///< A folder of scannet_frames_25k/.
  PosedImages,   ///< A folder of posed_images/.
  PointFile,     ///< A mesh or point cloud.
  Other,         ///< A layout of the table in layout_table.h.
};

/// A part that a scan of its kind can have.
struct ScanPart {
  std::string what;            ///< "labels of vertices"
  std::filesystem::path path;  ///< Empty if it is missing.
};

/// What a path holds, by the names of its files alone.
struct ScanLayout {
  ScanKind kind = ScanKind::Unknown;
  std::filesystem::path path;
  std::vector<ScanPart> parts;
  std::string name;  ///< In words: "ScanNet scene", "TUM RGB-D".
  /// Where the frames lie: the path itself or a folder below it.
  std::filesystem::path frames;
  ScanNetFiles files;  ///< Of a ScanNetScene, and where the same data set has the scene of other folders of frames.
};

/// Finds out what a path is, without opening anything: milliseconds.
[[nodiscard]] ScanLayout detectLayout(const std::filesystem::path& path);

struct ReadOptions {
  bool use_cache = true;            ///< Keep the index of .sens files in the user's cache folder.
  bool prefers_frames_25k = false;  ///< As in ScanNetOptions.
  Conventions given{};              ///< Conventions that no file of the scan states.
};

/// Files that decide what the frames of a scan are, beside folders of images: cameras and poses. For caches.
[[nodiscard]] std::vector<std::filesystem::path> sourcesOf(const ScanLayout& layout);

/// Reads whatever scan a path names. Frames stay on disk until they are asked for; the mesh is empty if the scan comes
/// without one. For folders of scannet_frames_25k and posed_images, mesh, labels and alignment are taken from
/// scans/<id> of the same data set if it is there.
/// Frames may lie in a folder frames/ below the path; a mesh that lies with them (mesh.ply, mesh.obj, mesh.glb,
/// *_mesh.ply) is the scan's. Errors: NotFound; InvalidInput saying what a scan can be, or what is missing to be one;
/// those of the readers.
[[nodiscard]] Result<Scene> readScan(const std::filesystem::path& path, const ReadOptions& options = {});

}  // namespace tagscape
