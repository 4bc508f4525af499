#pragma once

#include "core/base/job.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>

namespace tagscape {

struct SampleRoomOptions {
  std::uint64_t seed = 1;         ///< Each seed gives another room.
  int num_frames = 24;            ///< 1 … 10,000. 24 or more show every part of the room.
  int width = 320, height = 240;  ///< px, 16 … 4096, of colour and depth.
  double depth_noise_m = 0.006;   ///< Standard deviation of depth at 2 m, growing with the square of the distance.
};

/// Generates a room of twelve classes, scans it and writes the frames as ScanNet's SensReader exports a scan:
///   color/K.jpg   depth/K.png (16-bit, mm, 0 = none)   pose/K.txt (camera to world, row-major, m)
///   intrinsic/intrinsic_color.txt, intrinsic_depth.txt, extrinsic_color.txt, extrinsic_depth.txt (4x4)
///   tags.json: a frame is tagged with the classes that cover more than 1.5 % of its pixels, the scene with those of
///   all
///              its frames
///   label/K.png (16-bit NYU40 ids; 0 where a ray leaves the room, which has no ceiling)
/// The same options give the same bytes for any number of threads. The world has z up and its origin on the floor.
///
/// `folder` must not exist or must be empty. Everything is written to a temporary folder beside it, which is renamed
/// when complete. Errors: InvalidInput for options out of range or a folder that is not empty; NotWritable; Cancelled,
/// leaving nothing behind.
/// Cost: the default takes about 2.5 s on two cores.
[[nodiscard]] Status writeSampleRoom(const std::filesystem::path& folder,
                                     const SampleRoomOptions& options,
                                     const Job& job);

}  // namespace tagscape
