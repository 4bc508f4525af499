#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/synth/room_scene.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace tagscape {

/// A data set of generated rooms.
struct RoomSetOptions {
  int num_scenes = 120;
  int num_val = 24;  ///< Of these, the last.
  std::uint64_t seed = 1;
  synth::SceneOptions scene;
};

/// "sample": 3 scenes of 24 frames 320 x 240, for a first look.   "rooms": 120 scenes of 10 frames 160 x 120, for
/// training. "rooms-sensor": the same rooms as a sensor gives them, with a fused mesh, wrong and missing tags, motion
/// blur, changing exposure and clutter.   "rooms-small": 12 scenes of 6 frames 96 x 72, for tests.   "scannet-size":
/// one scene as large as ScanNet's: 300 frames 640 x 480 and a mesh of about 150,000 vertices.   Nothing for other
/// names.
[[nodiscard]] std::optional<RoomSetOptions> roomSetPreset(std::string_view name);

struct RoomSetResult {
  int num_made = 0;       ///< Scenes written by this run; the others existed.
  synth::SceneCost cost;  ///< Summed over these.
};

/// Writes a data set in ScanNet's layout: scans/sceneNNNN_00/ (see writeRoomScene), scannetv2_train.txt and _val.txt,
/// scannetv2-labels.combined.tsv, and synth.txt with the options. The kinds of rooms have fixed proportions (see
/// roomKindAt).
///
/// The same options give the same bytes for any number of threads, on any x86-64 machine with the same versions of
/// libjpeg-turbo, libpng and zlib (all arithmetic is IEEE 754 without fused operations; of libm only correctly rounded
/// functions are called). A scene depends on the seed and its number, not on the number of scenes.
///
/// A scene appears in scans/ only when it is complete. Called again with the same options, it continues an interrupted
/// run; the split lists are written last. Threads write several scenes at once or, with fewer scenes than threads,
/// several frames of one.
///
/// Errors: InvalidInput for options out of range, a folder with other content, or a data set made with other
/// options (naming the first that differs); NotWritable; Cancelled.
[[nodiscard]] Result<RoomSetResult> writeRoomSet(const std::filesystem::path& folder,
                                                 const RoomSetOptions& options,
                                                 const Job& job);

}  // namespace tagscape
