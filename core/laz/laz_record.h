#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace tagscape::laz {

/// How the points of a file are compressed: what its variable length record "laszip encoded" 22204 says.
struct Compression {
  bool is_layered = false;          ///< Point formats 6 to 10: each quantity by itself. Else (0 to 3) point by point.
  bool has_chunks = true;           ///< false: one run of points without a table.
  std::uint32_t chunk_size = 0;     ///< Points in a chunk, the last but for; kVariableChunks: the table has the counts.
  bool keeps_colors_apart = false;  ///< Of layered points of several channels: see ChannelColors.
  bool has_time = false;
  bool has_color = false;
  std::size_t num_extra_bytes = 0;  ///< Of point by point compression; those of layers are skipped.
  std::size_t num_layers = 0;
  std::size_t record_bytes = 0;  ///< Of a point that is not compressed.
};

constexpr std::uint32_t kVariableChunks = 0xffffffffU;

/// Errors: InvalidInput if the record is cut; Unsupported for what LASzip 1 wrote, and for wave packets that are
/// compressed point by point (formats 4 and 5).
/// Source: M. Isenburg, LASzip: lossless compression of LiDAR data, 2013, and the layout that LASzip 3 writes.
[[nodiscard]] Result<Compression> parseCompression(std::span<const std::byte> record,
                                                   const std::filesystem::path& name);

}  // namespace tagscape::laz
