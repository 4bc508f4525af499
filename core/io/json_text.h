#pragma once

#include "core/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace tagscape {

/// JSON from an untrusted file. Nesting deeper than 64 is refused before anything is built: what walks such a document
/// recursively would run out of stack. Include <nlohmann/json.hpp> where it is used.
/// Errors: InvalidInput naming the byte.
[[nodiscard]] Result<nlohmann::json> parseJson(std::string_view text, const std::filesystem::path& name);

/// Errors: InvalidInput naming the byte at which `text` is nested deeper than 64.
[[nodiscard]] Status checkJsonDepth(std::string_view text, const std::filesystem::path& name);

/// A whole number that fits 64 bits; nothing for anything else, numbers like 2.4e54 or 1.5 among them. Converting with
/// json::get would be undefined for these.
[[nodiscard]] std::optional<std::int64_t> wholeNumber(const nlohmann::json& value);

}  // namespace tagscape
