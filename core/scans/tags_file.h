#pragma once

#include "core/base/result.h"
#include "core/scene/tags.h"

#include <filesystem>
#include <string_view>

namespace tagscape {

/// tags.json: {"scene": ["wall", …], "frames": {"0": ["wall", …], …}}; both parts are optional. Names are those of the
/// class catalogue.
/// Errors: InvalidInput naming the place: no JSON (with the byte), an unknown class name (with the nearest known), a
/// frame key that is no number.
[[nodiscard]] Result<Tags> readTags(const std::filesystem::path& path);
[[nodiscard]] Result<Tags> parseTags(std::string_view text, const std::filesystem::path& name);

/// Replaced atomically. Errors: NotWritable.
[[nodiscard]] Status writeTags(const std::filesystem::path& path, const Tags& tags);

}  // namespace tagscape
