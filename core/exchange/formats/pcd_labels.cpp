// PCD of the Point Cloud Library: binary, fields x y z rgb label instance confidence; label is an unsigned 32-bit
// number, which Supervisely imports with class_mapping.json.

#include "core/base/files.h"
#include "core/clouds/pcd.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/pack.h"
#include "core/exchange/formats/pcd_fields.h"

#include <nlohmann/json.hpp>

#include <charconv>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMapping = "class_mapping.json";

/// {"1": "wall", "2-5": "chair"}, as Supervisely understands it.
std::map<std::int32_t, std::string> namesIn(const nlohmann::json& mapping) {
  constexpr std::int32_t kMostOfARange = 1000;
  std::map<std::int32_t, std::string> names;
  if (!mapping.is_object()) return names;
  for (const auto& [ids, name] : mapping.items()) {
    std::int32_t first = 0, last = 0;
    const char* const end = ids.data() + ids.size();
    const auto [stopped, problem] = std::from_chars(ids.data(), end, first);
    if (problem != std::errc() || !name.is_string()) continue;
    last = first;
    if (stopped != end && *stopped == '-') std::from_chars(stopped + 1, end, last);
    for (std::int32_t id = first; id <= std::min(last, first + kMostOfARange); ++id)
      names[id] = name.get<std::string>();
  }
  return names;
}

}  // namespace

Status writePcdLabels(const ExportScene& scene, const FileSink& sink) {
  return sink(scene.scene->name + ".pcd", encodePcd(*scene.scene, *scene.layer));
}

Status writeClassMapping(const ExchangeClasses& classes, const FileSink& sink) {
  nlohmann::ordered_json mapping = nlohmann::ordered_json::object();
  for (const auto& info : classes) mapping[std::to_string(info.id)] = info.name;
  return sink(kMapping, bytesOfText(mapping.dump(2) + "\n"));
}

Result<ForeignLabels> readPcdLabels(const fs::path& place, const std::string& scene) {
  TAGSCAPE_ASSIGN(const fs::path file, sceneFile(place, scene, ".pcd"));
  TAGSCAPE_ASSIGN(const auto bytes, readFile(file));
  TAGSCAPE_ASSIGN(ForeignLabels labels, readPcdFields(bytes, file));
  if (const fs::path mapping = file.parent_path() / kMapping; fs::exists(mapping)) {
    TAGSCAPE_ASSIGN(const nlohmann::json names, readJson(mapping));
    labels.names = namesIn(names);
    if (!labels.names.empty()) labels.meaning = IdMeaning::Named;
  }
  return labels;
}

}  // namespace tagscape::formats
