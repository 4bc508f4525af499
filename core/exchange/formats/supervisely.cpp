// Supervisely's project of point clouds: meta.json, key_id_map.json, scenes/pointcloud/<scene>.pcd and
// scenes/ann/<scene>.pcd.json with a figure "point_cloud" (indices of points) for each object. Source: Supervisely's
// documentation of the annotation format of point clouds.

#include "core/clouds/point_file.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/pack.h"
#include "core/exchange/formats/pcd_fields.h"
#include "core/io/json_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

using nlohmann::ordered_json;

constexpr const char* kCount = "num_points";

/// An object and its figure; keys depend on the scene alone, so that a second export gives the same file.
void addObject(const std::string& scene,
               const LabelledGroup& group,
               const ExchangeClass& info,
               ordered_json& document) {
  const std::string object = keyFor(fmt::format("{}/{}/{}", scene, info.name, group.instance));
  document["objects"].push_back(
      {{"key", object}, {"classTitle", info.name}, {"tags", ordered_json::array()}, {"instance", group.instance}});
  document["figures"].push_back({{"key", keyFor(object)},
                                 {"objectKey", object},
                                 {"geometryType", "point_cloud"},
                                 {"geometry", {{"indices", group.members}}},
                                 {"nnCreated", false},
                                 {"nnUpdated", false}});
}

tl::unexpected<Error> refuse(const fs::path& file, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, file, problem, "Export the project again");
}

struct ObjectInfo {
  std::int32_t id = 0;
  std::uint32_t instance = 0;
};

/// Classes get ids in the order in which they occur.
Result<std::map<std::string, ObjectInfo>> readObjects(const nlohmann::json& document,
                                                      const fs::path& file,
                                                      ForeignLabels& labels) {
  std::map<std::string, ObjectInfo> objects;
  std::map<std::string, std::int32_t> id_of;
  std::uint32_t number = 0;
  for (const auto& object : document.value("objects", nlohmann::json::array())) {
    if (!object.is_object() || !object.contains("key") || !object.contains("classTitle") ||
        !object["key"].is_string() || !object["classTitle"].is_string())
      return refuse(file, fmt::format("object {} has no \"key\" or no \"classTitle\"", objects.size() + 1));
    const auto name = object["classTitle"].get<std::string>();
    const auto [found, is_new] = id_of.try_emplace(name, static_cast<std::int32_t>(id_of.size() + 1));
    labels.names[found->second] = name;
    ++number;
    objects[object["key"].get<std::string>()] = {found->second,
                                                 object.contains("instance") ? countIn(object, "instance") : number};
  }
  return objects;
}

Status readFigures(const nlohmann::json& document,
                   const std::map<std::string, ObjectInfo>& objects,
                   const fs::path& file,
                   ForeignPoints& points) {
  std::size_t place = 0;
  for (const auto& figure : document.value("figures", nlohmann::json::array())) {
    ++place;
    if (!figure.is_object() || figure.value("geometryType", "") != "point_cloud") continue;
    const auto object = objects.find(figure.value("objectKey", ""));
    const auto geometry = figure.find("geometry");
    if (object == objects.end() || geometry == figure.end() || !geometry->contains("indices"))
      return refuse(file, fmt::format("figure {} has no object or no indices", place));
    for (const auto& index : (*geometry)["indices"]) {
      const std::int64_t point = wholeNumber(index).value_or(-1);
      if (point < 0 || static_cast<std::size_t>(point) >= points.ids.size())
        return refuse(
            file, fmt::format("figure {} names a point that the cloud of {} does not have", place, points.ids.size()));
      points.ids[static_cast<std::size_t>(point)] = object->second.id;
      points.instances[static_cast<std::size_t>(point)] = object->second.instance;
    }
  }
  return {};
}

}  // namespace

Status writeSupervisely(const ExportScene& scene, const FileSink& sink) {
  const std::string& name = scene.scene->name;
  const ExchangeLayer& layer = *scene.layer;
  ordered_json document{{"description", layer.provenance},
                        {"key", keyFor(name)},
                        {kCount, layer.points.size()},
                        {"tags", ordered_json::array()},
                        {"objects", ordered_json::array()},
                        {"figures", ordered_json::array()}};
  for (const LabelledGroup& group : groupsOf(layer.points.classes, layer.points.instances))
    addObject(name, group, layer.classes[group.row], document);
  TAGSCAPE_TRY(sink("scenes/pointcloud/" + name + ".pcd", encodePcd(*scene.scene, layer)));
  return sink("scenes/ann/" + name + ".pcd.json", bytesOfJson(document));
}

Status writeSuperviselyMeta(const ExchangeClasses& classes, const FileSink& sink) {
  ordered_json list = ordered_json::array();
  for (const auto& info : classes) {
    list.push_back({{"id", info.id},
                    {"title", info.name},
                    {"shape", "point_cloud"},
                    {"color", hexColor(info.rgb)},
                    {"geometry_config", ordered_json::object()},
                    {"hotkey", ""}});
  }
  TAGSCAPE_TRY(sink(
      "meta.json", bytesOfJson({{"classes", list}, {"tags", ordered_json::array()}, {"projectType", "point_clouds"}})));
  const ordered_json empty = ordered_json::object();
  return sink("key_id_map.json",
              bytesOfJson({{"tags", empty}, {"objects", empty}, {"figures", empty}, {"videos", empty}}));
}

Result<ForeignLabels> readSupervisely(const fs::path& place, const std::string& scene) {
  fs::path folder = place;
  for (const auto& entry : fs::is_directory(place) ? fs::directory_iterator(place) : fs::directory_iterator()) {
    if (fs::is_directory(entry.path() / "ann")) folder = entry.path() / "ann";
  }
  TAGSCAPE_ASSIGN(const fs::path file, sceneFile(folder, scene, ".pcd.json"));
  TAGSCAPE_ASSIGN(const nlohmann::json document, readJson(file));
  ForeignLabels labels{.meaning = IdMeaning::Named};
  ForeignPoints& points = labels.points;
  const fs::path cloud = file.parent_path().parent_path() / "pointcloud" / file.stem();
  if (fs::exists(cloud)) {
    TAGSCAPE_ASSIGN(auto content, readPointFile(cloud));
    for (const auto& position : content.mesh.vertices.positions_m)
      points.positions.push_back(position.cast<double>() + content.offset_m);
  }
  const std::int64_t count = numberIn(document, kCount);
  if (points.positions.empty() && count < 0)
    return refuse(file, "neither the file nor its cloud says how many points there are");
  const std::size_t num_points = points.positions.empty()
                                     ? static_cast<std::size_t>(std::min<std::int64_t>(count, INT32_MAX))
                                     : points.positions.size();
  points.ids.assign(num_points, kForeignNone);
  points.instances.assign(num_points, 0);
  TAGSCAPE_ASSIGN(const auto objects, readObjects(document, file, labels));
  TAGSCAPE_TRY(readFigures(document, objects, file, points));
  return labels;
}

}  // namespace tagscape::formats
