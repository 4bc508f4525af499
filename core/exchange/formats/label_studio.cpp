// Label Studio: <scene>.json, a list of tasks (one for each frame) with a prediction of brush masks, and
// label_config.xml, the labelling interface. Source: Label Studio's documentation of tasks and of the brush.

#include "core/base/xml_text.h"
#include "core/exchange/formats/brush_rle.h"
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

ordered_json resultOf(const FrameRegion& region, const ExchangeClass& info, int number) {
  return {{"id", keyFor(fmt::format("{}/{}/{}", number, info.name, region.instance)).substr(0, 10)},
          {"from_name", "tag"},
          {"to_name", "image"},
          {"type", "brushlabels"},
          {"original_width", region.mask.width},
          {"original_height", region.mask.height},
          {"image_rotation", 0},
          {"meta", {{"instance", region.instance}}},
          {"value", {{"format", "rle"}, {"rle", encodeBrush(region.mask)}, {"brushlabels", {info.name}}}}};
}

tl::unexpected<Error> refuse(const fs::path& file, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, file, problem, "Export it from Label Studio as JSON");
}

/// The regions of a task: those of the last annotation, or else of the last prediction.
const json* resultsOf(const json& task) {
  for (const char* kind : {"annotations", "predictions"}) {
    const auto list = task.find(kind);
    if (list != task.end() && list->is_array() && !list->empty() && list->back().is_object() &&
        list->back().contains("result"))
      return &list->back()["result"];
  }
  return nullptr;
}

struct BrushRegion {
  std::int32_t id = kForeignNone;
  std::uint32_t instance = 0;
  int width = 0, height = 0;
  std::vector<std::uint8_t> rle;
};
using BrushFrames = std::map<int, std::vector<BrushRegion>>;

Result<BrushRegion> readRegion(const json& result, std::map<std::string, std::int32_t>& id_of) {
  BrushRegion region;
  const std::int64_t width = numberIn(result, "original_width"), height = numberIn(result, "original_height");
  const json& value = result["value"];
  const bool has_label = value.contains("brushlabels") && value["brushlabels"].is_array() &&
                         !value["brushlabels"].empty() && value["brushlabels"][0].is_string();
  if (!isImageSide(width) || !isImageSide(height) || !has_label || !value["rle"].is_array())
    return fail(ErrorCode::InvalidInput, "has no size, no label or no mask");
  region.width = static_cast<int>(width);
  region.height = static_cast<int>(height);
  region.id = id_of.try_emplace(value["brushlabels"][0].get<std::string>(), static_cast<std::int32_t>(id_of.size() + 1))
                  .first->second;
  for (const auto& byte : value["rle"]) region.rle.push_back(static_cast<std::uint8_t>(wholeNumber(byte).value_or(0)));
  if (result.contains("meta")) region.instance = countIn(result["meta"], "instance");
  return region;
}

Result<ForeignFrame> frameOf(const std::vector<BrushRegion>& regions, const fs::path& file) {
  ForeignFrame frame = regions.empty() ? ForeignFrame{} : emptyForeignFrame(regions[0].width, regions[0].height, true);
  for (const BrushRegion& region : regions) {
    if (region.width != frame.ids.width || region.height != frame.ids.height)
      return refuse(file, "the masks of a task have different sizes");
    const auto mask = decodeBrush(region.rle, region.width, region.height);
    if (!mask) return refuse(file, mask.error().message);
    for (std::size_t i = 0; i < mask->pixels.size(); ++i) {
      if (mask->pixels[i] == 0) continue;
      frame.ids.pixels[i] = region.id;
      frame.instances.pixels[i] = region.instance;
    }
  }
  return frame;
}

}  // namespace

Status writeLabelStudio(const ExportScene& scene, const FileSink& sink) {
  ordered_json tasks = ordered_json::array();
  TAGSCAPE_TRY(forEachFrame(scene, [&](int number, const LayerFrame& frame) -> Status {
    ordered_json results = ordered_json::array();
    for (const FrameRegion& region : regionsOf(frame))
      results.push_back(resultOf(region, scene.layer->classes[region.row], number));
    tasks.push_back(
        {{"data",
          {{"image", fmt::format("/data/local-files/?d={}/color/{}.jpg", scene.scene->name, number)},
           {"frame", number}}},
         {"predictions", ordered_json::array({{{"model_version", scene.layer->name}, {"result", results}}})}});
    return {};
  }));
  return sink(scene.scene->name + ".json", bytesOfJson(tasks));
}

Status writeLabelStudioConfig(const ExchangeClasses& classes, const FileSink& sink) {
  std::string text =
      "<View>\n  <Image name=\"image\" value=\"$image\" zoom=\"true\"/>\n  <BrushLabels name=\"tag\" "
      "toName=\"image\">\n";
  for (const auto& info : classes)
    text += fmt::format("    <Label value=\"{}\" background=\"{}\"/>\n", escapedXml(info.name), hexColor(info.rgb));
  return sink("label_config.xml", bytesOfText(text + "  </BrushLabels>\n</View>\n"));
}

Result<ForeignLabels> readLabelStudio(const fs::path& place, const std::string& scene) {
  TAGSCAPE_ASSIGN(const fs::path file, sceneFile(place, scene, ".json"));
  TAGSCAPE_ASSIGN(const json tasks, readJson(file));
  if (!tasks.is_array()) return refuse(file, "it is no list of tasks");
  ForeignLabels labels{.meaning = IdMeaning::Named};
  const auto frames = std::make_shared<BrushFrames>();
  std::map<std::string, std::int32_t> id_of;
  std::size_t place_in_file = 0;
  for (const auto& task : tasks) {
    ++place_in_file;
    const json* results = task.is_object() ? resultsOf(task) : nullptr;
    if (results == nullptr || !results->is_array()) continue;
    const json data = task.value("data", json::object());
    const auto named = data.contains("image") && data["image"].is_string()
                           ? trailingNumber(fs::path(data["image"].get<std::string>()).stem().string())
                           : std::nullopt;
    const int position = static_cast<int>(place_in_file) - 1;
    auto& regions = (*frames)[static_cast<int>(numberIn(data, "frame", named.value_or(position)))];
    for (const auto& result : *results) {
      if (!result.is_object() || result.value("type", "") != "brushlabels" || !result.contains("value") ||
          !result["value"].contains("rle"))
        continue;
      auto region = readRegion(result, id_of);
      if (!region) return refuse(file, fmt::format("a region of task {} {}", place_in_file, region.error().message));
      regions.push_back(std::move(*region));
    }
  }
  std::erase_if(*frames, [](const auto& frame) { return frame.second.empty(); });
  for (const auto& [name, id] : id_of) labels.names[id] = name;
  for (const auto& [number, regions] : *frames) labels.frame_numbers.push_back(number);
  labels.frame = [frames, file](int number) { return frameOf(frames->at(number), file); };
  return labels;
}

}  // namespace tagscape::formats
