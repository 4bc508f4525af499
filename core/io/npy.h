#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace tagscape {

/// Writes a row-major array of 32-bit floats as numpy reads it with numpy.load. Replaced atomically.
/// @param shape  its product is the number of values; breaking that throws std::logic_error.
/// Errors: NotWritable. Source: the description of format version 1.0 in numpy's documentation.
[[nodiscard]] Status writeNpy(const std::filesystem::path& path,
                              const std::vector<std::int64_t>& shape,
                              std::span<const float> values);

}  // namespace tagscape
