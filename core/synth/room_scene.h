#pragma once

#include "core/base/job.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/synth/frame_renderer.h"
#include "core/synth/room.h"
#include "core/synth/surface_mesh.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace tagscape::synth {

struct SceneOptions {
  int num_frames = 10;
  int width = 160, height = 120;  ///< px, of colour and depth.
  SensorOptions sensor;
  SurfaceOptions surface;
  bool fused_mesh = false;  ///< The mesh is fused from depth maps (fused_surface.h), with an edge of surface.edge_m.
  int clutter = 0;          ///< Things of no class in every room.
  double missing_tags = 0;  ///< Share of the frames' tags that are forgotten.
  double false_tags = 0;    ///< Share of the frames' tags that are accompanied by one of a class that is not there.
  bool exported_frames = false;  ///< color/, depth/, pose/, intrinsic/ and label-filt/ instead of .sens and label zip.
};

/// The cost of writing a scene.
struct SceneCost {
  std::uint64_t num_triangles = 0;  ///< Of the model that is rendered.
  std::uint64_t num_vertices = 0;   ///< Of the written mesh.
  std::uint64_t num_rays = 0;       ///< One for each pixel of each frame.
  double rendering_s = 0;           ///< CPU time of rendering the frames, summed over threads.
};

/// Scans a room and writes all files of a ScanNet scene into `folder`, under the names that ScanNet gives them:
///   ID.sens (JPEG, zlib depth in mm), ID_vh_clean_2.ply, ID_vh_clean_2.labels.ply (NYU40), segs and aggregation json
///   (raw categories), ID.txt (with the axis alignment), ID_2d-label-filt.zip (raw ids)
/// and tags.json with the tags that an annotator would give: to a frame the classes that cover more than 1.5 % of its
/// pixels (but for missing_tags and false_tags), to the scene these and the classes of at least 8 vertices. The
/// coordinates in the files are rotated and translated from the room's; the axis alignment in ID.txt is the inverse.
///
/// @param use_threads  whether frames are rendered on several threads; the files are the same.
/// @param on_frame  called after every frame, on the calling thread.
/// Errors: NotWritable; Cancelled, with files left in `folder`.
[[nodiscard]] Result<SceneCost> writeRoomScene(const std::filesystem::path& folder,
                                               const std::string& id,
                                               const Room& room,
                                               const SceneOptions& options,
                                               const Random& random,
                                               bool use_threads,
                                               const Job& job,
                                               const std::function<void()>& on_frame);

}  // namespace tagscape::synth
