#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string_view>

namespace tagscape::log {

/// One line each, to stderr and to the file of addFile. Safe from any thread.
void debug(std::string_view message);
void info(std::string_view message);
void warn(std::string_view message);
void error(std::string_view message);

/// What stderr shows: 0 warnings and errors, 1 (the default) also information, 2 everything. Files get everything.
void setVerbosity(int verbosity);

/// Appends every later line, with its time, to `path` as well.
/// Errors: NotWritable if the file cannot be opened.
[[nodiscard]] Status addFile(const std::filesystem::path& path);

}  // namespace tagscape::log
