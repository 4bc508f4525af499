// Class sets as files.

#include "core/annotate/class_set.h"
#include "core/base/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxBytes = 4 << 20;
constexpr const char* kRemedy = "Correct it, or choose one of the built-in class sets";

/// Colours of classes that have none of their own: hues that stay apart, by steps of the golden ratio.
Rgb8 colorFor(std::size_t position) {
  constexpr double kGoldenRatio = 0.618033988749895;
  const double hue = 6 * (static_cast<double>(position) * kGoldenRatio -
                          static_cast<double>(static_cast<std::size_t>(static_cast<double>(position) * kGoldenRatio)));
  const int sector = static_cast<int>(hue);
  const double part = hue - sector;
  const auto level = [](double value) { return static_cast<std::uint8_t>(64 + 176 * value); };
  const std::uint8_t up = level(part), down = level(1 - part), high = level(1), low = level(0);
  switch (sector) {
    case 0:
      return {high, up, low};
    case 1:
      return {down, high, low};
    case 2:
      return {low, high, up};
    case 3:
      return {low, down, high};
    case 4:
      return {up, low, high};
    default:
      return {high, low, down};
  }
}

std::optional<Rgb8> colorOf(std::string_view text) {
  constexpr std::size_t kLength = 7;  // #rrggbb
  std::uint32_t value = 0;
  if (text.size() != kLength || text.front() != '#') return std::nullopt;
  const auto read = std::from_chars(text.data() + 1, text.data() + text.size(), value, 16);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return Rgb8{static_cast<std::uint8_t>(value >> 16U),
              static_cast<std::uint8_t>(value >> 8U & 0xffU),
              static_cast<std::uint8_t>(value & 0xffU)};
}

std::string colorText(const Rgb8& rgb) { return fmt::format("#{:02x}{:02x}{:02x}", rgb[0], rgb[1], rgb[2]); }

tl::unexpected<Error> refuse(const fs::path& path, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, path, problem, kRemedy);
}

Status checkSet(const ClassSet& set, const fs::path& path) {
  if (set.classes.empty()) return refuse(path, "it has no classes");
  if (set.size() > kMaxClasses) {
    return refuse(path,
                  fmt::format("{} classes, more than the {} that labels can tell apart", set.size(), kMaxClasses));
  }
  std::set<std::string> names, keys;
  for (const LabelClass& label_class : set.classes) {
    if (label_class.name.empty()) return refuse(path, "a class without a name");
    if (label_class.name.find_first_of("\n\t") != std::string::npos)
      return refuse(path, "the name of a class has more than one line");
    if (!names.insert(label_class.name).second)
      return refuse(path, fmt::format("the class '{}' is there twice", label_class.name));
    if (!label_class.key.empty() && !keys.insert(label_class.key).second)
      return refuse(path, fmt::format("the key {} belongs to two classes", label_class.key));
  }
  return {};
}

Result<LabelClass> classFromToml(const toml::table& table, std::size_t position, const fs::path& path) {
  LabelClass label_class;
  label_class.name = table["name"].value_or(std::string());
  label_class.key = table["key"].value_or(std::string());
  label_class.rgb = colorFor(position);
  if (const auto color = table["color"].value<std::string>()) {
    const auto rgb = colorOf(*color);
    if (!rgb) return refuse(path, fmt::format("class {}: '{}' is no colour such as #1f77b4", position + 1, *color));
    label_class.rgb = *rgb;
  }
  if (const auto* ids = table["ids"].as_table()) {
    for (const auto& [scheme, id] : *ids) {
      if (const auto value = id.value<std::int64_t>())
        label_class.ids.emplace(std::string(scheme.str()), static_cast<int>(*value));
    }
  }
  return label_class;
}

/// A list of classes as labelCloud, CVAT and Supervisely write it: objects with a name, and mostly a colour and an id.
Result<ClassSet> classesFromJson(const std::string& text, const fs::path& path) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) return refuse(path, "it is no JSON");
  const auto& list = json.is_object() && json.contains("classes") ? json["classes"] : json;
  if (!list.is_array()) return refuse(path, "it has no list of classes");
  ClassSet set{path.stem().string(), {}};
  for (const auto& item : list) {
    const auto text_of = [&](const char* key) {
      return item.is_object() && item.contains(key) && item[key].is_string() ? item[key].get<std::string>()
                                                                             : std::string();
    };
    LabelClass label_class;
    label_class.name = item.is_string() ? item.get<std::string>() : text_of(item.contains("name") ? "name" : "title");
    label_class.rgb = colorOf(text_of("color")).value_or(colorFor(set.size()));
    label_class.key = text_of("hotkey");
    if (item.is_object() && item.contains("id") && item["id"].is_number_integer())
      label_class.ids.emplace(set.name, item["id"].get<int>());
    set.classes.push_back(std::move(label_class));
  }
  return set;
}

ClassSet classesFromLines(const std::string& text, const fs::path& path) {
  ClassSet set{path.stem().string(), {}};
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
    if (!line.empty()) set.classes.push_back({line, colorFor(set.size())});
  }
  return set;
}

}  // namespace

Result<ClassSet> parseClassSet(std::string_view text, const fs::path& name) {
  ClassSet set;
  try {
    const toml::table root = toml::parse(text);
    set.name = root["name"].value_or(name.stem().string());
    const auto* classes = root["class"].as_array();
    if (!classes) return refuse(name, "it has no [[class]]");
    for (const auto& node : *classes) {
      const auto* table = node.as_table();
      if (!table) return refuse(name, "a class that is no table");
      TAGSCAPE_ASSIGN(LabelClass label_class, classFromToml(*table, set.size(), name));
      set.classes.push_back(std::move(label_class));
    }
  } catch (const toml::parse_error& refusal) {
    return refuse(name, fmt::format("line {}: {}", refusal.source().begin.line, refusal.description()));
  }
  TAGSCAPE_TRY(checkSet(set, name));
  return set;
}

Result<ClassSet> readClassSet(const fs::path& path_or_name) {
  const auto names = builtInClassSets();
  if (std::find(names.begin(), names.end(), path_or_name.string()) != names.end())
    return builtInClassSet(path_or_name.string());
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(path_or_name, kMaxBytes));
  const std::string ending = path_or_name.extension().string();
  if (ending == ".toml") return parseClassSet(text, path_or_name);
  ClassSet set;
  if (ending == ".json") {
    TAGSCAPE_ASSIGN(set, classesFromJson(text, path_or_name));
  } else {
    set = classesFromLines(text, path_or_name);
  }
  TAGSCAPE_TRY(checkSet(set, path_or_name));
  return set;
}

std::string classSetAsToml(const ClassSet& set) {
  std::ostringstream text;
  text << "name = " << toml::value<std::string>(set.name) << '\n';
  for (const LabelClass& label_class : set.classes) {
    text << "\n[[class]]\nname = " << toml::value<std::string>(label_class.name) << "\ncolor = \""
         << colorText(label_class.rgb) << "\"\n";
    if (!label_class.key.empty()) text << "key = " << toml::value<std::string>(label_class.key) << '\n';
    if (label_class.ids.empty()) continue;
    toml::table ids;
    for (const auto& [scheme, id] : label_class.ids) ids.insert_or_assign(scheme, id);
    ids.is_inline(true);
    text << "ids = " << ids << '\n';
  }
  return text.str();
}

Status writeClassSet(const fs::path& path, const ClassSet& set) {
  return writeFileAtomically(path, classSetAsToml(set));
}

}  // namespace tagscape
