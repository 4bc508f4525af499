#pragma once

#include "core/base/result.h"
#include "core/scene/cams.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace tagscape {

/// Writes CAMs as one safetensors file (readable with the safetensors packages of Python and Rust):
/// `point_values` F32 [N, C], `point_labels` U8 [N], and per frame `frame/<number>` F32 [C, h, w]; with raw logits also
/// `point_logits` F32 [N, C] and `frame_logits/<number>` F32 [C, h, w]. The scene's name and path, the step, the tag
/// mode and the origin are in `__metadata__`, and for frames whose cells are not centred in the pixels that they cover
/// `cells/<number>`: "STRIDE FIRST" of their CellGrid. Replaced atomically. Errors: NotWritable.
[[nodiscard]] Status writeCams(const std::filesystem::path& path, const SceneCams& cams);

/// Reads what writeCams wrote. Every size is checked against the file before anything is allocated.
/// Errors: NotFound; InvalidInput naming the tensor that is missing, mis-shaped or reaches past the end of the file.
[[nodiscard]] Result<SceneCams> readCams(const std::filesystem::path& path);

/// A file's metadata, read without its arrays.
struct CamsOrigin {
  std::string scene_name, scene_path;
  std::int64_t step = 0;
  bool uses_tags = true;
  std::string origin;
};
/// Errors: as readCams, of the header.
[[nodiscard]] Result<CamsOrigin> readCamsOrigin(const std::filesystem::path& path);

}  // namespace tagscape
