#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/synth/room_scene.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace tagscape {

/// A data set of procedural rooms.
struct RoomSetOptions {
  int num_scenes = 120;
  int num_val = 24;  ///< The last ones of these.
  std::uint64_t seed = 1;
  synth::SceneOptions scene;
};

/// "sample": 3 scenes of 24 frames 320 x 240, for a first look.   "rooms": 120 scenes of 10 frames 160 x 120, to train
/// on. "rooms-small": 12 scenes of 6 frames 96 x 72, to test with.   "scannet-size": one scene as large as ScanNet's:
/// 300 frames 640 x 480 and a mesh of about 150,000 vertices.   Nothing for other names.
[[nodiscard]] std::optional<RoomSetOptions> roomSetPreset(std::string_view name);

struct RoomSetResult {
  int num_made = 0;       ///< Scenes written now; the others were there from an earlier run.
  synth::SceneCost cost;  ///< Of those, added up.
};

/// Writes a data set in ScanNet's layout: scans/sceneNNNN_00/ (see writeRoomScene), scannetv2_train.txt and _val.txt,
/// scannetv2-labels.combined.tsv, and synth.txt, which says how it was made. Its kinds of rooms follow each other in an
/// order of fixed shares.
///
/// The same options give the same bytes for any number of threads, on any x86-64 machine with the same versions of
/// libjpeg-turbo, libpng and zlib (all arithmetic is IEEE without fused operations; no function of libm but the exact
/// ones). A scene depends on the seed and its number, not on how many there are.
///
/// A scene appears in scans/ only when it is whole. An interrupted run continues when it is started
/// again with the same options; the split lists come last. Scenes are written several at once; with fewer scenes than
/// threads, frames are.
///
/// Errors: InvalidInput for options out of range, a folder that holds something else, or a data set made with other
/// options (naming the first that differs); NotWritable; Cancelled.
[[nodiscard]] Result<RoomSetResult> writeRoomSet(const std::filesystem::path& folder,
                                                 const RoomSetOptions& options,
                                                 const Job& job);

}  // namespace tagscape
