#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace tagscape {

struct ZipEntry {
  std::string name;  ///< With slashes: "label-filt/0.png".
  std::vector<std::byte> bytes;
};

/// Writes a zip file whose entries are stored as they are (PNG files gain nothing from packing) and bear no time, so
/// that the same entries give the same bytes. Replaced atomically.
/// Errors: NotWritable; InvalidInput if there are more than 65,535 entries or more than 4 GB.
/// Source: the published description of the format (APPNOTE.TXT of PKWARE, 4.3).
[[nodiscard]] Status writeZip(const std::filesystem::path& path, const std::vector<ZipEntry>& entries);

/// The same as bytes. @param name  that messages give the file. Errors: InvalidInput as writeZip.
[[nodiscard]] Result<std::vector<std::byte>> encodeZip(const std::vector<ZipEntry>& entries,
                                                       const std::filesystem::path& name);

}  // namespace tagscape
