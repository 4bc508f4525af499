// COCO: panoptic_<scene>.json with panoptic_<scene>/12.png (a segment's id is R + 256 G + 65536 B), and
// instances_<scene>.json with compressed run lengths. Category ids are those of the classes; a segment of a class
// without an object has the class's row + 1 as its id, that of an object 1000 + its number, the same in all frames.
// Source: COCO's description of both formats; convert2panoptic.py of ScanNet, for which things are all but wall and
// floor.

#include "core/base/files.h"
#include "core/exchange/formats/coco_rle.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/frame_pixels.h"
#include "core/exchange/formats/pack.h"
#include "core/io/image_codec.h"
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

constexpr std::uint32_t kFirstObject = 1000;
constexpr std::uint32_t kMostSegments = 1U << 24U;

std::uint32_t segmentId(const FrameRegion& region) {
  return region.instance == 0 ? region.row + 1U : kFirstObject + region.instance;
}

ordered_json categoriesOf(const ExchangeClasses& classes) {
  ordered_json list = ordered_json::array();
  for (const auto& info : classes) {
    list.push_back({{"id", info.id},
                    {"name", info.name},
                    {"supercategory", ""},
                    {"isthing", info.has_instances ? 1 : 0},
                    {"color", {info.rgb[0], info.rgb[1], info.rgb[2]}}});
  }
  return list;
}

ordered_json boxOf(const FrameRegion& region) {
  return {region.left, region.top, region.right - region.left + 1, region.bottom - region.top + 1};
}

/// Both documents of a scene while its frames are added.
struct Documents {
  ordered_json images = ordered_json::array(), panoptic = ordered_json::array(), instances = ordered_json::array();
};

Result<RgbImage> addFrame(int number, const LayerFrame& frame, const ExchangeClasses& classes, Documents& documents) {
  const int width = frame.classes.width, height = frame.classes.height;
  documents.images.push_back(
      {{"id", number}, {"file_name", fmt::format("{}.jpg", number)}, {"width", width}, {"height", height}});
  RgbImage picture(width, height, 3);
  ordered_json segments = ordered_json::array();
  for (const FrameRegion& region : regionsOf(frame)) {
    const std::uint32_t id = segmentId(region);
    if (id >= kMostSegments)
      return fail(ErrorCode::InvalidInput, "The format coco holds 16 million objects. Export without instances");
    const int category = classes[region.row].id;
    segments.push_back(
        {{"id", id}, {"category_id", category}, {"area", region.area}, {"bbox", boxOf(region)}, {"iscrowd", 0}});
    documents.instances.push_back(
        {{"id", documents.instances.size() + 1},
         {"image_id", number},
         {"category_id", category},
         {"segmentation", {{"size", {height, width}}, {"counts", packRunLengths(runLengthsOf(region.mask))}}},
         {"area", region.area},
         {"bbox", boxOf(region)},
         {"iscrowd", 0}});
    for (std::size_t i = 0; i < region.mask.pixels.size(); ++i) {
      if (region.mask.pixels[i] == 0) continue;
      for (unsigned channel = 0; channel < 3; ++channel)
        picture.pixels[3 * i + channel] = static_cast<std::uint8_t>(id >> 8U * channel);
    }
  }
  documents.panoptic.push_back(
      {{"image_id", number}, {"file_name", fmt::format("{}.png", number)}, {"segments_info", segments}});
  return picture;
}

tl::unexpected<Error> refuse(const fs::path& file, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, file, problem, "Export it again");
}

const json& listOf(const json& object, const char* key) {
  static const json empty = json::array();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_array() ? *found : empty;
}

void readCategories(const json& document, ForeignLabels& labels) {
  for (const auto& category : listOf(document, "categories")) {
    const std::int32_t id = foreignId(numberIn(category, "id"));
    if (id != kForeignNone && category.contains("name") && category["name"].is_string())
      labels.names[id] = category["name"].get<std::string>();
  }
}

/// The number of an image: what its file is named after, or else its id.
int frameNumber(const json& image) {
  const auto name =
      image.contains("file_name") && image["file_name"].is_string() ? image["file_name"].get<std::string>() : "";
  return trailingNumber(fs::path(name).stem().string())
      .value_or(static_cast<int>(std::clamp<std::int64_t>(numberIn(image, "id"), 0, INT32_MAX)));
}

struct PanopticFrame {
  fs::path picture;
  std::map<std::uint32_t, std::int32_t> category_of;
};

Result<ForeignFrame> readPanopticFrame(const PanopticFrame& source) {
  TAGSCAPE_ASSIGN(const auto bytes, readFile(source.picture));
  TAGSCAPE_ASSIGN(const RgbImage picture, decodeColor(bytes, source.picture));
  ForeignFrame frame = emptyForeignFrame(picture.width, picture.height, true);
  for (std::size_t i = 0; i < frame.ids.pixels.size(); ++i) {
    const std::uint8_t* rgb = &picture.pixels[3 * i];
    const std::uint32_t id = rgb[0] + 256U * rgb[1] + 65536U * rgb[2];
    if (id == 0) continue;
    const auto found = source.category_of.find(id);
    if (found == source.category_of.end())
      return refuse(source.picture, fmt::format("segment {} is not in the list of segments", id));
    frame.ids.pixels[i] = found->second;
    frame.instances.pixels[i] = id;
  }
  return frame;
}

Result<ForeignLabels> readPanoptic(const json& document, const fs::path& file) {
  ForeignLabels labels{.meaning = IdMeaning::Named};
  readCategories(document, labels);
  std::map<std::int64_t, int> number_of;
  for (const auto& image : listOf(document, "images")) number_of[numberIn(image, "id")] = frameNumber(image);
  const auto frames = std::make_shared<std::map<int, PanopticFrame>>();
  for (const auto& annotation : listOf(document, "annotations")) {
    const auto number = number_of.find(numberIn(annotation, "image_id"));
    if (number == number_of.end() || !annotation.contains("file_name") || !annotation["file_name"].is_string())
      return refuse(file, fmt::format("annotation {} has no image or no \"file_name\"", frames->size() + 1));
    PanopticFrame& frame = (*frames)[number->second];
    frame.picture = file.parent_path() / file.stem() / fs::path(annotation["file_name"].get<std::string>()).filename();
    for (const auto& segment : listOf(annotation, "segments_info"))
      frame.category_of[countIn(segment, "id")] = foreignId(numberIn(segment, "category_id"));
  }
  for (const auto& [number, frame] : *frames) labels.frame_numbers.push_back(number);
  labels.frame = [frames](int number) { return readPanopticFrame(frames->at(number)); };
  return labels;
}

struct Instance {
  std::int32_t category = kForeignNone;
  std::uint32_t id = 0;
  json segmentation;
};
struct InstanceFrame {
  int width = 0, height = 0;
  std::vector<Instance> instances;
};

/// Run lengths as text or as a list. Polygons are not read.
Result<Image<std::uint8_t>> maskOf(const json& segmentation, int width, int height) {
  const auto counts = segmentation.is_object() ? segmentation.find("counts") : segmentation.end();
  if (!segmentation.is_object() || counts == segmentation.end())
    return fail(ErrorCode::InvalidInput, "it has polygons, and run lengths are needed");
  if (counts->is_string()) {
    TAGSCAPE_ASSIGN(const auto runs, unpackRunLengths(counts->get<std::string>()));
    return maskOfRunLengths(runs, width, height);
  }
  std::vector<std::uint32_t> runs;
  for (const auto& run : *counts)
    runs.push_back(static_cast<std::uint32_t>(std::clamp<std::int64_t>(wholeNumber(run).value_or(0), 0, UINT32_MAX)));
  return maskOfRunLengths(runs, width, height);
}

Result<ForeignFrame> readInstanceFrame(const InstanceFrame& source, const fs::path& file) {
  ForeignFrame frame = emptyForeignFrame(source.width, source.height, true);
  for (const Instance& instance : source.instances) {
    const auto mask = maskOf(instance.segmentation, source.width, source.height);
    if (!mask) return refuse(file, fmt::format("annotation {}: {}", instance.id, mask.error().message));
    for (std::size_t i = 0; i < mask->pixels.size(); ++i) {
      if (mask->pixels[i] == 0) continue;
      frame.ids.pixels[i] = instance.category;
      frame.instances.pixels[i] = instance.id;
    }
  }
  return frame;
}

Result<ForeignLabels> readInstances(const json& document, const fs::path& file) {
  ForeignLabels labels{.meaning = IdMeaning::Named};
  readCategories(document, labels);
  std::map<std::int64_t, int> number_of;
  const auto frames = std::make_shared<std::map<int, InstanceFrame>>();
  for (const auto& image : listOf(document, "images")) {
    const std::int64_t width = numberIn(image, "width"), height = numberIn(image, "height");
    if (!isImageSide(width) || !isImageSide(height))
      return refuse(file, fmt::format("image {} is {} x {} pixels", numberIn(image, "id"), width, height));
    const int number = number_of[numberIn(image, "id")] = frameNumber(image);
    (*frames)[number] = {static_cast<int>(width), static_cast<int>(height), {}};
  }
  for (const auto& annotation : listOf(document, "annotations")) {
    const auto number = number_of.find(numberIn(annotation, "image_id"));
    if (number == number_of.end() || !annotation.contains("segmentation"))
      return refuse(file, fmt::format("annotation {} has no image or no segmentation", numberIn(annotation, "id")));
    (*frames)[number->second].instances.push_back(
        {foreignId(numberIn(annotation, "category_id")), countIn(annotation, "id"), annotation["segmentation"]});
  }
  for (const auto& [number, frame] : *frames) labels.frame_numbers.push_back(number);
  labels.frame = [frames, file](int number) { return readInstanceFrame(frames->at(number), file); };
  return labels;
}

Result<fs::path> findDocument(const fs::path& place, const std::string& scene) {
  if (fs::is_regular_file(place)) return place;
  for (const char* kind : {"panoptic_", "instances_"}) {
    const fs::path file = place / (kind + scene + ".json");
    if (!scene.empty() && fs::exists(file)) return file;
  }
  if (!scene.empty())
    return failFile(ErrorCode::NotFound,
                    place / ("panoptic_" + scene + ".json"),
                    "no such file",
                    "Check the folder and the scene's name");
  return sceneFile(place, scene, ".json");
}

}  // namespace

Status writeCoco(const ExportScene& scene, const FileSink& sink) {
  const std::string& name = scene.scene->name;
  const ExchangeClasses& classes = scene.layer->classes;
  Documents documents;
  TAGSCAPE_TRY(forEachFrame(scene, [&](int number, const LayerFrame& frame) -> Status {
    TAGSCAPE_ASSIGN(const RgbImage picture, addFrame(number, frame, classes, documents));
    TAGSCAPE_ASSIGN(auto bytes, encodePng(picture));
    return sink(fmt::format("panoptic_{}/{}.png", name, number), std::move(bytes));
  }));
  const ordered_json info{{"description", fmt::format("labels of {} {}", name, scene.layer->provenance)}};
  const ordered_json categories = categoriesOf(classes);
  TAGSCAPE_TRY(sink(fmt::format("panoptic_{}.json", name),
                    bytesOfJson({{"info", info},
                                 {"images", documents.images},
                                 {"annotations", documents.panoptic},
                                 {"categories", categories}})));
  return sink(fmt::format("instances_{}.json", name),
              bytesOfJson({{"info", info},
                           {"images", documents.images},
                           {"annotations", documents.instances},
                           {"categories", categories}}));
}

Result<ForeignLabels> readCoco(const fs::path& place, const std::string& scene) {
  TAGSCAPE_ASSIGN(const fs::path file, findDocument(place, scene));
  TAGSCAPE_ASSIGN(const json document, readJson(file));
  const auto& annotations = listOf(document, "annotations");
  const bool is_panoptic =
      !annotations.empty() && annotations[0].is_object() && annotations[0].contains("segments_info");
  return is_panoptic ? readPanoptic(document, file) : readInstances(document, file);
}

}  // namespace tagscape::formats
