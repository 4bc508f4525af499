// Datumaro's own format: <scene>/annotations/default.json with a mask (COCO's run lengths) for each object of each
// frame. Source: Datumaro's description of the format and its exporter.

#include "core/exchange/formats/coco_rle.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/frame_pixels.h"
#include "core/exchange/formats/pack.h"
#include "core/io/json_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <memory>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kFile = "annotations/default.json";

ordered_json categoriesOf(const ExchangeClasses& classes) {
  ordered_json labels = ordered_json::array(), colors = ordered_json::array();
  for (std::size_t row = 0; row < classes.size(); ++row) {
    labels.push_back({{"name", classes[row].name}, {"parent", ""}, {"attributes", ordered_json::array()}});
    colors.push_back(
        {{"label_id", row}, {"r", classes[row].rgb[0]}, {"g", classes[row].rgb[1]}, {"b", classes[row].rgb[2]}});
  }
  return {{"label", {{"labels", labels}, {"attributes", ordered_json::array()}}}, {"mask", {{"colormap", colors}}}};
}

ordered_json annotationOf(const FrameRegion& region, std::size_t id) {
  return {{"id", id},
          {"type", "mask"},
          {"attributes", {{"instance", region.instance}}},
          {"group", region.instance},
          {"label_id", region.row},
          {"rle",
           {{"counts", packRunLengths(runLengthsOf(region.mask))}, {"size", {region.mask.height, region.mask.width}}}},
          {"z_order", 0}};
}

tl::unexpected<Error> refuse(const fs::path& file, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, file, problem, "Export it again with Datumaro");
}

void readNames(const json& document, ForeignLabels& labels) {
  const json::json_pointer place("/categories/label/labels");
  if (!document.is_object() || !document.contains(place) || !document[place].is_array()) return;
  std::int32_t row = 0;
  for (const auto& label : document[place]) labels.names[row++] = label.is_object() ? label.value("name", "") : "";
}

Status addMask(const json& annotation, const fs::path& place, ForeignFrame& frame) {
  const json::json_pointer counts("/rle/counts"), height("/rle/size/0"), width("/rle/size/1");
  const std::int64_t id = numberIn(annotation, "label_id");
  if (id < 0 || !annotation.contains(counts) || !annotation[counts].is_string() || !annotation.contains(width))
    return refuse(place, "a mask has no label or no run lengths");
  const std::int64_t rows = wholeNumber(annotation[height]).value_or(0),
                     columns = wholeNumber(annotation[width]).value_or(0);
  if (!isImageSide(rows) || !isImageSide(columns))
    return refuse(place, fmt::format("a mask is {} x {} pixels", columns, rows));
  if (frame.ids.empty()) frame = emptyForeignFrame(static_cast<int>(columns), static_cast<int>(rows), true);
  if (frame.ids.width != columns || frame.ids.height != rows)
    return refuse(place, "masks of one frame have different sizes");
  TAGSCAPE_ASSIGN(const auto runs, unpackRunLengths(annotation[counts].get<std::string>()));
  const auto mask = maskOfRunLengths(runs, frame.ids.width, frame.ids.height);
  if (!mask) return refuse(place, mask.error().message);
  for (std::size_t i = 0; i < mask->pixels.size(); ++i) {
    if (mask->pixels[i] == 0) continue;
    frame.ids.pixels[i] = static_cast<std::int32_t>(std::min<std::int64_t>(id, INT32_MAX));
    frame.instances.pixels[i] = countIn(annotation, "group");
  }
  return {};
}

Result<ForeignFrame> frameOf(const json& annotations, const fs::path& place) {
  ForeignFrame frame;
  for (const auto& annotation : annotations) {
    if (annotation.is_object() && annotation.value("type", "") == "mask")
      TAGSCAPE_TRY(addMask(annotation, place, frame));
  }
  return frame;
}

}  // namespace

Status writeDatumaro(const ExportScene& scene, const FileSink& sink) {
  ordered_json items = ordered_json::array();
  TAGSCAPE_TRY(forEachFrame(scene, [&](int number, const LayerFrame& frame) -> Status {
    ordered_json annotations = ordered_json::array();
    for (const FrameRegion& region : regionsOf(frame)) annotations.push_back(annotationOf(region, annotations.size()));
    items.push_back(
        {{"id", std::to_string(number)},
         {"annotations", annotations},
         {"attr", {{"frame", number}}},
         {"image", {{"path", fmt::format("{}.jpg", number)}, {"size", {frame.classes.height, frame.classes.width}}}}});
    return {};
  }));
  return sink(
      scene.scene->name + "/" + kFile,
      bytesOfJson(
          {{"info", ordered_json::object()}, {"categories", categoriesOf(scene.layer->classes)}, {"items", items}}));
}

Result<ForeignLabels> readDatumaro(const fs::path& place, const std::string& scene) {
  fs::path file = place;
  if (!fs::is_regular_file(place)) {
    TAGSCAPE_ASSIGN(const fs::path folder, sceneFolder(place, scene, kFile));
    file = folder / kFile;
  }
  TAGSCAPE_ASSIGN(const json document, readJson(file));
  ForeignLabels labels{.meaning = IdMeaning::Named};
  readNames(document, labels);
  const auto frames = std::make_shared<std::map<int, json>>();
  int position = 0;
  for (const auto& item : document.is_object() ? document.value("items", json::array()) : json::array()) {
    if (!item.is_object() || !item.contains("annotations"))
      return refuse(file, fmt::format("item {} has no annotations", position + 1));
    const std::string id = item.value("id", "");
    if (!item["annotations"].empty()) (*frames)[trailingNumber(id).value_or(position)] = item["annotations"];
    ++position;
  }
  for (const auto& [number, annotations] : *frames) labels.frame_numbers.push_back(number);
  labels.frame = [frames, file](int number) { return frameOf(frames->at(number), file / std::to_string(number)); };
  return labels;
}

}  // namespace tagscape::formats
