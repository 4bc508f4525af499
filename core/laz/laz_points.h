#pragma once

#include "core/laz/laz_record.h"

#include <functional>

namespace tagscape::laz {

/// Where the points of a file are.
struct PointBlock {
  std::uint64_t begin = 0;       ///< Byte of the file.
  std::uint64_t num_points = 0;  ///< As the header says.
};

/// Gets a point as a LAS record of its format, but for quantities that positions, classes, flags and colours do not
/// need (see PointwiseChunk and LayeredChunk).
using PointSink = std::function<void(std::span<const std::byte> record)>;

/// Decodes the points of a LAZ file one after the other.
/// @param file  the whole file.
/// @return how many there were: fewer than announced where the file is cut short.
/// Errors: InvalidInput if the table of chunks is needed and cannot be read, or if a chunk is no such thing.
/// Cost: about .3 s for a million points; memory for one chunk's models.
[[nodiscard]] Result<std::uint64_t> decodePoints(std::span<const std::byte> file,
                                                 const Compression& compression,
                                                 const PointBlock& block,
                                                 const std::filesystem::path& name,
                                                 const PointSink& sink);

}  // namespace tagscape::laz
