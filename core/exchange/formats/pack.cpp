#include "core/exchange/formats/pack.h"

#include "core/base/files.h"
#include "core/base/sha256.h"
#include "core/io/json_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr Color8 kGrey{128, 128, 128};

bool endsWith(const fs::path& path, std::string_view ending) { return path.filename().string().ends_with(ending); }

tl::unexpected<Error> several(const fs::path& place, const fs::path& first, const fs::path& second) {
  return failFile(
      ErrorCode::InvalidInput,
      place,
      fmt::format("several scenes are in it, such as {} and {}", first.filename().string(), second.filename().string()),
      "Name one of them");
}

}  // namespace

std::vector<std::byte> bytesOfText(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> bytesOfJson(const nlohmann::ordered_json& value) {
  return bytesOfText(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

Result<nlohmann::json> readJson(const fs::path& path) {
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(path, std::uintmax_t{1} << 31));
  return parseJson(text, path);
}

std::int64_t numberIn(const nlohmann::json& object, const char* key, std::int64_t otherwise) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end()) return otherwise;
  return wholeNumber(*found).value_or(otherwise);
}

std::uint32_t countIn(const nlohmann::json& object, const char* key) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(numberIn(object, key, 0), 0, UINT32_MAX));
}

std::string hexColor(const Color8& rgb) { return fmt::format("#{:02x}{:02x}{:02x}", rgb[0], rgb[1], rgb[2]); }

Color8 colorFromHex(std::string_view text) {
  unsigned value = 0;
  if (text.size() != 7 || text[0] != '#') return {};
  std::from_chars(text.data() + 1, text.data() + text.size(), value, 16);
  return {static_cast<std::uint8_t>(value >> 16U),
          static_cast<std::uint8_t>(value >> 8U & 0xffU),
          static_cast<std::uint8_t>(value & 0xffU)};
}

Color8 colorOf(const Scene& scene, std::size_t point) {
  return scene.points().colors.empty() ? kGrey : scene.points().colors[point];
}

Result<fs::path> sceneFile(const fs::path& place, const std::string& scene, std::string_view ending) {
  std::error_code code;
  if (fs::is_regular_file(place, code)) return place;
  if (!scene.empty()) {
    const fs::path file = place / (scene + std::string(ending));
    if (fs::is_regular_file(file, code)) return file;
    return failFile(ErrorCode::NotFound, file, "no such file", "Check the folder and the scene's name");
  }
  fs::path found;
  for (const auto& entry : fs::directory_iterator(place, code)) {
    if (!endsWith(entry.path(), ending) || !entry.is_regular_file()) continue;
    if (!found.empty()) return several(place, found, entry.path());
    found = entry.path();
  }
  if (!found.empty()) return found;
  return failFile(ErrorCode::NotFound,
                  place,
                  fmt::format("it has no file that ends in {}", ending),
                  "Check the path and the format");
}

Result<fs::path> sceneFolder(const fs::path& place, const std::string& scene, std::string_view inside) {
  std::error_code code;
  if (!scene.empty() && fs::exists(place / scene / inside, code)) return place / scene;
  if (fs::exists(place / inside, code)) return place;
  fs::path found;
  if (scene.empty()) {
    for (const auto& entry : fs::directory_iterator(place, code)) {
      if (!fs::exists(entry.path() / inside, code)) continue;
      if (!found.empty()) return several(place, found, entry.path());
      found = entry.path();
    }
  }
  if (!found.empty()) return found;
  return failFile(ErrorCode::NotFound,
                  scene.empty() ? place : place / scene,
                  fmt::format("it has no {}", inside),
                  "Check the folder, the scene's name and the format");
}

std::optional<int> trailingNumber(std::string_view stem) {
  const auto last = stem.find_last_not_of("0123456789");
  const std::string_view digits = last == std::string_view::npos ? stem : stem.substr(last + 1);
  int number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || problem != std::errc()) return std::nullopt;
  return number;
}

std::vector<std::pair<int, fs::path>> numberedFiles(const fs::path& folder, std::string_view extension) {
  std::vector<std::pair<int, fs::path>> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() != extension) continue;
    if (const auto number = trailingNumber(entry.path().stem().string())) files.emplace_back(*number, entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string keyFor(std::string_view text) {
  constexpr std::size_t kDigits = 32;
  return sha256(std::as_bytes(std::span(text))).substr(0, kDigits);
}

std::vector<LabelledGroup> groupsOf(std::span<const std::uint16_t> rows, std::span<const std::uint32_t> instances) {
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::size_t> place_of;
  std::vector<LabelledGroup> groups;
  LabelledGroup* last = nullptr;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] == kUnlabelled) continue;
    const std::uint32_t instance = instances.empty() ? 0 : instances[i];
    if (last == nullptr || last->row != rows[i] || last->instance != instance) {
      const auto [found, is_new] = place_of.try_emplace({rows[i], instance}, groups.size());
      if (is_new) groups.push_back({rows[i], instance, {}});
      last = &groups[found->second];
    }
    last->members.push_back(static_cast<std::uint32_t>(i));
  }
  std::sort(groups.begin(), groups.end(), [](const LabelledGroup& a, const LabelledGroup& b) {
    return std::pair(a.row, a.instance) < std::pair(b.row, b.instance);
  });
  return groups;
}

}  // namespace tagscape::formats
