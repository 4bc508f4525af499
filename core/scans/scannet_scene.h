#pragma once

#include "core/base/result.h"
#include "core/scans/frame_folder.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <optional>
#include <string>

namespace tagscape {

/// The files of one ScanNet scene; an empty path where there is none.
struct ScanNetFiles {
  std::string id;  ///< "scene0000_00"
  std::filesystem::path folder;
  std::filesystem::path sens;
  std::filesystem::path mesh;              ///< _vh_clean_2.ply
  std::filesystem::path labels;            ///< _vh_clean_2.labels.ply
  std::filesystem::path segments;          ///< _vh_clean_2.0.010000.segs.json
  std::filesystem::path aggregation;       ///< .aggregation.json
  std::filesystem::path fine_aggregation;  ///< _vh_clean.aggregation.json: of the high-resolution mesh, not used.
  std::filesystem::path text;              ///< .txt
  std::filesystem::path label_zip;         ///< _2d-label-filt.zip, or else _2d-label.zip
  std::filesystem::path frames;  ///< A folder of frames: this one, or the scene's in another part of the data set.
};

/// Finds the files of a scene in a folder as downloaded, with one listing. Frames are also looked for where the same
/// data set keeps them: scannet_frames_25k/<id> and posed_images/<id> beside the folder's parent.
/// @return nothing if neither a .sens file nor a mesh nor labels of a scene are there.
[[nodiscard]] std::optional<ScanNetFiles> findScanNetFiles(const std::filesystem::path& folder);

struct ScanNetOptions {
  bool use_cache = true;            ///< Of the index of the .sens file.
  bool prefers_frames_25k = false;  ///< Take scannet_frames_25k/<id> where it is there, not all of the .sens file.
  LabelOptions labels;              ///< Without a map, scannetv2-labels.combined.tsv is looked for.
  Conventions given{};              ///< Of folders of frames.
};

/// Reads a scene with all that there is of it: frames of the .sens file (or else a folder of frames), mesh, labels of
/// vertices and of pixels, tags. The axis alignment of its .txt is applied to vertices, normals and poses;
/// Scene::world_from_file records it. Tags come from tags.json, or else are the classes of the labelled vertices.
///
/// A part that is damaged or does not fit the others (another number of labels than vertices) becomes a warning and is
/// left out; so does a disagreement of the two sources of vertex labels, with the number of vertices.
/// Errors: NotFound, InvalidInput, Unsupported if neither frames nor a mesh can be read; the message is of the first.
/// Internal if a part cannot be opened because of the process (see failOpening): such a part is not missing.
/// Cost: mesh and labels in one pass each; the .sens file's index from the cache, or one short read per frame.
[[nodiscard]] Result<Scene> readScanNetScene(const ScanNetFiles& files, const ScanNetOptions& options);

/// Frames and cameras of a .sens file alone. @param labels  may be null.
/// Errors: as SensFile::open; InvalidInput if its intrinsics do not fit its images.
[[nodiscard]] Result<Scene> readSensScene(const std::filesystem::path& path,
                                          bool use_cache,
                                          std::shared_ptr<const LabelImages> labels,
                                          const Conventions& given = {});

/// The classes of the labelled points become the scene's tags, where it has none.
void deriveSceneTags(Scene& scene);

/// Moves vertices, normals and poses: world_from_file of the scene becomes `world_from_file`.
void alignScene(const Pose& world_from_file, Scene& scene);

}  // namespace tagscape
