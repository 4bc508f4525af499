#pragma once

#include "core/scans/sens_file.h"

#include <optional>

/// The index of a .sens file and where it is kept. Private to the .sens reader; see sens_file.h.
namespace tagscape::sens_detail {

struct SensIndex {
  SensHeader header;
  std::vector<SensFrame> frames;  ///< Whole ones.
  std::string problem;            ///< What is wrong after these: a cut, a count that does not fit. Empty if nothing is.
};

/// Reads the header and hops over the frames. Errors: those of parseHeader.
[[nodiscard]] Result<SensIndex> buildIndex(const ByteSource& source);
[[nodiscard]] Result<SensHeader> parseHeader(const ByteSource& source, std::uint64_t& position);

/// Whether data of a frame lie inside the file; false for an index that belongs to another file.
[[nodiscard]] bool fits(const SensFrame& frame, std::uint64_t file_bytes);

/// The frames kept for this file in the user's cache folder; nothing if there are none, or they are stale or damaged.
[[nodiscard]] std::optional<std::vector<SensFrame>> readKeptFrames(const std::filesystem::path& path);
[[nodiscard]] Status keepFrames(const std::filesystem::path& path, const std::vector<SensFrame>& frames);
/// Where they are kept.
[[nodiscard]] std::filesystem::path keptFramesFile(const std::filesystem::path& path);

inline constexpr std::size_t kFrameHeaderBytes = 16 * sizeof(float) + 4 * sizeof(std::uint64_t);

}  // namespace tagscape::sens_detail
