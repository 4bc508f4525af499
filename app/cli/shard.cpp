#include "app/cli/shard.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace tagscape::cli {
namespace {

std::optional<int> wholeNumber(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool isIn(const std::optional<int>& number, const std::optional<int>& count) {
  return number && count && *count >= 1 && *number >= 1 && *number <= *count;
}

Result<Shard> shardFromEnvironment() {
  const char* rank = std::getenv("RANK");
  const char* size = std::getenv("WORLD_SIZE");
  if (rank == nullptr || size == nullptr) return Shard{};
  const auto place = wholeNumber(rank);
  const auto number = place ? std::optional(*place + 1) : std::nullopt;
  const auto count = wholeNumber(size);
  if (isIn(number, count)) return Shard{*number, *count};
  return fail(ErrorCode::InvalidInput,
              fmt::format("The environment has RANK '{}' and WORLD_SIZE '{}', which name no part of the scenes. Unset "
                          "them, or give --shard",
                          rank,
                          size));
}

}  // namespace

std::string Shard::name() const { return count > 1 ? fmt::format("{}/{}", number, count) : std::string(); }

std::vector<std::filesystem::path> Shard::of(const std::vector<std::filesystem::path>& scenes) const {
  std::vector<std::filesystem::path> own;
  for (auto i = static_cast<std::size_t>(number - 1); i < scenes.size(); i += static_cast<std::size_t>(count))
    own.push_back(scenes[i]);
  return own;
}

Result<Shard> shardFrom(const std::string& text) {
  if (text.empty()) return shardFromEnvironment();
  const auto slash = text.find('/');
  const std::string_view view(text);
  const auto number = slash == std::string::npos ? std::nullopt : wholeNumber(view.substr(0, slash));
  const auto count = slash == std::string::npos ? std::nullopt : wholeNumber(view.substr(slash + 1));
  if (isIn(number, count)) return Shard{*number, *count};
  return fail(ErrorCode::InvalidInput,
              fmt::format("--shard {} names no part. Give I/N with I from 1 to N, for example 2/4", text));
}

}  // namespace tagscape::cli
