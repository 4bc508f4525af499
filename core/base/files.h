#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// The whole file as bytes.
/// Errors: NotFound; InvalidInput if it is no regular file or larger than `max_bytes`; Io if reading fails.
[[nodiscard]] Result<std::vector<std::byte>> readFile(const std::filesystem::path& path,
                                                      std::uintmax_t max_bytes = std::uintmax_t{4} << 30);
[[nodiscard]] Result<std::string> readTextFile(const std::filesystem::path& path,
                                               std::uintmax_t max_bytes = std::uintmax_t{256} << 20);

/// Writes a file so that a reader, or a crash at any moment, sees either the old file or the whole new one: a
/// temporary name beside it, flushed to disk, renamed. `write` fills the stream. Missing parent folders are made.
/// Errors: NotWritable if the place refuses or the disk is full (nothing is left behind, the old file stays).
[[nodiscard]] Status writeFileAtomically(const std::filesystem::path& path,
                                         const std::function<void(std::ostream&)>& write);
[[nodiscard]] Status writeFileAtomically(const std::filesystem::path& path, std::string_view content);
[[nodiscard]] Status writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> content);

/// Adds to the end of a file, which is made if there is none, all or nothing: what was written before the place refused
/// is cut off again, so that the next record does not follow half of one. Errors: NotWritable.
[[nodiscard]] Status appendToFile(const std::filesystem::path& path, std::string_view content);

/// Whether what a folder holds may be listed and looked at.
/// Errors: NotFound; InvalidInput if it is no folder; Io if it refuses.
[[nodiscard]] Status checkReadableFolder(const std::filesystem::path& folder);

/// Makes the folder and proves that a file can be created in it, so that a long job fails before it starts.
/// Errors: NotWritable.
[[nodiscard]] Status ensureWritableFolder(const std::filesystem::path& folder);

/// XDG base directories, each with "tagscape" appended: $XDG_CACHE_HOME, $XDG_DATA_HOME, $XDG_STATE_HOME or their
/// defaults.
[[nodiscard]] std::filesystem::path userCacheFolder();
[[nodiscard]] std::filesystem::path userDataFolder();
[[nodiscard]] std::filesystem::path userStateFolder();

}  // namespace tagscape
