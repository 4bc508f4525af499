// labelCloud's segmentation: pointclouds/<scene>.ply, labels/segmentation/<scene>.bin with a signed byte for each
// point, labels/segmentation/_classes.json. Source: labelCloud, its reader and writer of segmentation labels.

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/clouds/point_file.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/pack.h"
#include "core/io/json_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSegmentation = "labels/segmentation/";

Status readNames(const fs::path& file, ForeignLabels& labels) {
  if (!fs::exists(file)) return {};
  TAGSCAPE_ASSIGN(const nlohmann::json document, readJson(file));
  const auto classes =
      document.is_object() ? document.value("classes", nlohmann::json::array()) : nlohmann::json::array();
  for (const auto& info : classes) {
    const std::int64_t id = numberIn(info, "id");
    if (id < 0 || !info.contains("name") || !info["name"].is_string())
      return failFile(ErrorCode::InvalidInput, file, "a class has no \"id\" or no \"name\"", "Correct the file");
    if (id > 0) labels.names[foreignId(id)] = info["name"].get<std::string>();
  }
  labels.meaning = IdMeaning::Named;
  return {};
}

Status readPositions(const fs::path& file, ForeignPoints& points) {
  if (!fs::exists(file)) return {};
  TAGSCAPE_ASSIGN(const auto content, readPointFile(file));
  const auto& positions = content.mesh.vertices.positions_m;
  if (positions.size() != points.ids.size()) {
    return failFile(
        ErrorCode::InvalidInput,
        file,
        fmt::format("the cloud has {} points, and there are {} labels", positions.size(), points.ids.size()),
        "Take the labels of this cloud");
  }
  for (const auto& position : positions) points.positions.push_back(position.cast<double>() + content.offset_m);
  return {};
}

}  // namespace

Status writeLabelCloud(const ExportScene& scene, const FileSink& sink) {
  const Scene& scan = *scene.scene;
  const PlyContent cloud{.mesh = {scan.points(), {}}, .offset_m = scan.offset_m};
  TAGSCAPE_TRY(sink("pointclouds/" + scan.name + ".ply", encodePly(cloud)));
  ByteBuffer labels;
  for (const std::uint16_t row : scene.layer->points.classes)
    labels.put(static_cast<std::int8_t>(idOf(scene.layer->classes, row)));
  return sink(kSegmentation + scan.name + ".bin", std::move(labels).take());
}

Status writeLabelCloudClasses(const ExchangeClasses& classes, const FileSink& sink) {
  using nlohmann::ordered_json;
  ordered_json list = ordered_json::array();
  list.push_back({{"name", "unlabelled"}, {"id", 0}, {"color", "#000000"}});
  for (const auto& info : classes)
    list.push_back({{"name", info.name}, {"id", info.id}, {"color", hexColor(info.rgb)}});
  return sink(std::string(kSegmentation) + "_classes.json",
              bytesOfText(ordered_json{{"classes", list},
                                       {"default", 0},
                                       {"type", "semantic_segmentation"},
                                       {"format", "binary"},
                                       {"created_with", {{"name", "Tagscape"}, {"version", "1.0"}}}}
                              .dump(2) +
                          "\n"));
}

Result<ForeignLabels> readLabelCloud(const fs::path& place, const std::string& scene) {
  const fs::path folder = fs::is_directory(place / kSegmentation) ? place / kSegmentation : place;
  TAGSCAPE_ASSIGN(const fs::path file, sceneFile(folder, scene, ".bin"));
  TAGSCAPE_ASSIGN(const auto bytes, readFile(file));
  ForeignLabels labels;
  ForeignPoints& points = labels.points;
  for (const std::byte value : bytes) points.ids.push_back(foreignId(static_cast<std::int8_t>(value)));
  TAGSCAPE_TRY(readNames(file.parent_path() / "_classes.json", labels));
  const fs::path cloud =
      file.parent_path().parent_path().parent_path() / "pointclouds" / (file.stem().string() + ".ply");
  TAGSCAPE_TRY(readPositions(cloud, points));
  return labels;
}

}  // namespace tagscape::formats
