#pragma once

#include "core/base/result.h"
#include "core/scene/cams.h"

#include <filesystem>

namespace tagscape {

/// Writes CAMs as one safetensors file (readable with the safetensors packages of Python and Rust):
/// `point_values` F32 [N, C], `point_labels` U8 [N], where there are any `point_logits` F32 [N, C], and per frame
/// `frame/<number>` F32 [C, h, w]; the scene's name, the step and the tag mode are in `__metadata__`. Replaced
/// atomically. Errors: NotWritable.
[[nodiscard]] Status writeCams(const std::filesystem::path& path, const SceneCams& cams);

/// Reads what writeCams wrote. Every size is checked against the file before anything is allocated.
/// Errors: NotFound; InvalidInput naming the tensor that is missing, mis-shaped or reaches past the end of the file.
[[nodiscard]] Result<SceneCams> readCams(const std::filesystem::path& path);

}  // namespace tagscape
