#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>

namespace tagscape {

/// How many files this process may have open at once.
[[nodiscard]] std::uint64_t openFileLimit();

/// Raises that limit as far as the system allows without privileges. Called once, in app. @return the limit from then
/// on.
std::uint64_t raiseOpenFileLimit();

/// Whether an errno says that the process, not the file, is why a file could not be opened: no descriptor or no memory
/// is left.
[[nodiscard]] bool isProcessShortage(int error_number);

/// The error of a file that could not be opened: NotFound for one that is not there, Internal for a shortage of the
/// process, which must never pass for a missing part, else Io.
[[nodiscard]] tl::unexpected<Error> failOpening(const std::filesystem::path& path, int error_number);

}  // namespace tagscape
