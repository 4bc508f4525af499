#include "core/scans/tags_file.h"

#include "core/base/edit_distance.h"
#include "core/base/files.h"
#include "core/io/json_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <vector>

namespace tagscape {
namespace {

using nlohmann::json;

/// "Did you mean …?" where a class has much of the name in common, otherwise what there is.
std::string hintFor(std::string_view name) {
  const auto catalog = classCatalog();
  const auto nearest = std::min_element(catalog.begin(), catalog.end(), [&](const ClassInfo& a, const ClassInfo& b) {
    return editDistance(name, a.name) < editDistance(name, b.name);
  });
  if (2 * editDistance(name, nearest->name) <= nearest->name.size())
    return fmt::format("Did you mean \"{}\"?", nearest->name);
  std::vector<std::string_view> names;
  for (const ClassInfo& info : catalog) names.push_back(info.name);
  return fmt::format("The classes are {}", fmt::join(names, ", "));
}

Result<TagSet> parseTagList(const json& list, std::string_view place, const std::filesystem::path& name) {
  if (!list.is_array()) {
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("{} is not a list", place), "Write a list of class names");
  }
  TagSet tags;
  for (const auto& entry : list) {
    const std::string text = entry.is_string() ? entry.get<std::string>() : entry.dump();
    const auto index = entry.is_string() ? classByName(text) : std::nullopt;
    if (!index) {
      return failFile(
          ErrorCode::InvalidInput, name, fmt::format("{} has the unknown class \"{}\"", place, text), hintFor(text));
    }
    tags.set(static_cast<std::size_t>(*index));
  }
  return tags;
}

json namesOf(const TagSet& tags) {
  json names = json::array();
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (tags[i]) names.push_back(std::string(classCatalog()[i].name));
  }
  return names;
}

}  // namespace

Result<Tags> readTags(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path));
  return parseTags(text, path);
}

Result<Tags> parseTags(std::string_view text, const std::filesystem::path& name) {
  TAGSCAPE_ASSIGN(const json document, parseJson(text, name));
  if (!document.is_object()) {
    return failFile(ErrorCode::InvalidInput, name, "not a JSON object", "Write {\"scene\": [...], \"frames\": {...}}");
  }
  Tags tags;
  if (document.contains("scene")) {
    TAGSCAPE_ASSIGN(tags.scene, parseTagList(document["scene"], "\"scene\"", name));
  }
  if (!document.contains("frames")) return tags;
  if (!document["frames"].is_object()) {
    return failFile(ErrorCode::InvalidInput, name, "\"frames\" is not an object", "Write {\"0\": [...], ...}");
  }
  for (const auto& [key, list] : document["frames"].items()) {
    int number = 0;
    const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (problem != std::errc() || end != key.data() + key.size() || number < 0) {
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("frame \"{}\" is no frame number", key),
                      "Use the number in the frame's file name");
    }
    TAGSCAPE_ASSIGN(tags.frames[number], parseTagList(list, fmt::format("frame {}", number), name));
  }
  return tags;
}

Status writeTags(const std::filesystem::path& path, const Tags& tags) {
  json document = json::object();
  if (tags.scene) document["scene"] = namesOf(*tags.scene);
  json frames = json::object();
  for (const auto& [number, set] : tags.frames) frames[std::to_string(number)] = namesOf(set);
  document["frames"] = std::move(frames);
  return writeFileAtomically(path, document.dump(1) + "\n");
}

}  // namespace tagscape
