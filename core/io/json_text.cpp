#include "core/io/json_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace tagscape {

Status checkJsonDepth(std::string_view text, const std::filesystem::path& name) {
  constexpr int kMaxDepth = 64;
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) {
        return failFile(ErrorCode::InvalidInput,
                        name,
                        fmt::format("its JSON is nested deeper than {} at byte {}", kMaxDepth, i),
                        "Check that it is the right file");
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return {};
}

std::optional<std::int64_t> wholeNumber(const nlohmann::json& value) {
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_number_unsigned())
    return value.get<std::uint64_t>() <= kMax ? std::optional(value.get<std::int64_t>()) : std::nullopt;
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  constexpr double kExact = 9007199254740992.0;  // 2^53: floats beyond skip whole numbers
  const auto number = value.get<double>();
  if (!(std::abs(number) <= kExact) || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

Result<nlohmann::json> parseJson(std::string_view text, const std::filesystem::path& name) {
  TAGSCAPE_TRY(checkJsonDepth(text, name));
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& refusal) {
    const auto* syntax = dynamic_cast<const nlohmann::json::parse_error*>(&refusal);
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("no JSON at byte {}", syntax != nullptr ? syntax->byte : 0),
                    "Mend or remove the file");
  }
}

}  // namespace tagscape
