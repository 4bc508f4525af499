#pragma once

#include "core/base/result.h"
#include "core/io/safetensors.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace tagscape {

/// Whether these bytes begin as an MXNet parameter file does.
[[nodiscard]] bool looksLikeMxnetParams(std::span<const std::byte> bytes);

/// Reads MXNet's `.params`: dense arrays of the layouts V1, V2, V3 and the one before them, by name. Names keep their
/// "arg:" and "aux:"; arrays of a file without names are called "0", "1", …; arrays without a shape are left out.
/// Types: float32, float64, float16, uint8, int32, int8, int64.
///
/// Errors: NotFound; InvalidInput with the byte for a file that is cut, damaged or holds sparse arrays. Whatever
/// the file claims, no more than a few times its size is allocated.
/// Source: apache/mxnet, src/ndarray/ndarray.cc (NDArray::Save, Load, LegacyLoad).
[[nodiscard]] Result<TensorFile> readMxnetParams(const std::filesystem::path& path);
/// The twin for bytes in memory; `name` stands for the file in messages.
[[nodiscard]] Result<TensorFile> parseMxnetParams(std::span<const std::byte> bytes, const std::filesystem::path& name);

}  // namespace tagscape
