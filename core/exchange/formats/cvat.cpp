// CVAT's "Segmentation mask 1.1": a zip file with labelmap.txt, ImageSets/Segmentation/default.txt,
// SegmentationClass/12.png in the classes' colours and SegmentationObject/12.png, where every object of a frame has the
// colour that Pascal VOC gives its number. Source: CVAT's documentation of the format; VOC's development kit
// (VOClabelcolormap).

#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/frame_pixels.h"
#include "core/exchange/formats/pack.h"
#include "core/io/image_codec.h"
#include "core/io/zip_archive.h"
#include "core/io/zip_write.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <sstream>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMap = "labelmap.txt";
constexpr const char* kClassFolder = "SegmentationClass/";
constexpr const char* kObjectFolder = "SegmentationObject/";
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 28;

/// VOC's colour of a number: its bits, three by three, from the highest bits of the channels down.
Color8 vocColor(std::uint32_t number) {
  Color8 rgb{};
  for (unsigned bit = 7; number != 0; --bit, number >>= 3U) {
    for (unsigned channel = 0; channel < 3; ++channel)
      rgb[channel] = static_cast<std::uint8_t>(rgb[channel] | (number >> channel & 1U) << bit);
    if (bit == 0) break;
  }
  return rgb;
}

std::uint32_t keyOf(const std::uint8_t* rgb) {
  return std::uint32_t{rgb[0]} << 16U | std::uint32_t{rgb[1]} << 8U | rgb[2];
}

std::string labelMap(const ExchangeClasses& classes) {
  std::string text = "# label:color_rgb:parts:actions\nbackground:0,0,0::\n";
  for (const auto& info : classes)
    text += fmt::format("{}:{},{},{}::\n", info.name, info.rgb[0], info.rgb[1], info.rgb[2]);
  return text;
}

Status checkColors(const ExchangeClasses& classes) {
  std::map<std::uint32_t, std::string> name_of{{0, "background"}};
  for (const auto& info : classes) {
    const auto [found, is_new] = name_of.try_emplace(keyOf(info.rgb.data()), info.name);
    if (is_new) continue;
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("The format cvat tells classes apart by their colours, and \"{}\" and \"{}\" have the same. "
                    "Give one of them another colour",
                    found->second,
                    info.name));
  }
  return {};
}

/// Both pictures of a frame.
Status addImages(const LayerFrame& frame,
                 const ExchangeClasses& classes,
                 const std::string& stem,
                 std::vector<ZipEntry>& entries) {
  RgbImage by_class(frame.classes.width, frame.classes.height, 3), by_object = by_class;
  std::map<std::pair<std::uint16_t, std::uint32_t>, Color8> color_of;  // an object's number is its place in the frame
  for (std::size_t i = 0; i < frame.classes.pixels.size(); ++i) {
    const std::uint16_t row = frame.classes.pixels[i];
    if (row == kUnlabelled) continue;
    const std::uint32_t instance = frame.instances.empty() ? 0 : frame.instances.pixels[i];
    const auto [object, is_new] = color_of.try_emplace({row, instance});
    if (is_new) object->second = vocColor(static_cast<std::uint32_t>(color_of.size()));
    std::copy_n(classes[row].rgb.begin(), 3, by_class.pixels.begin() + static_cast<std::ptrdiff_t>(3 * i));
    std::copy_n(object->second.begin(), 3, by_object.pixels.begin() + static_cast<std::ptrdiff_t>(3 * i));
  }
  TAGSCAPE_ASSIGN(auto class_bytes, encodePng(by_class));
  TAGSCAPE_ASSIGN(auto object_bytes, encodePng(by_object));
  entries.push_back({kClassFolder + stem + ".png", std::move(class_bytes)});
  entries.push_back({kObjectFolder + stem + ".png", std::move(object_bytes)});
  return {};
}

/// The classes of a labelmap.txt by colour; ids are their lines, and the background is none.
Result<std::map<std::uint32_t, std::int32_t>> readMap(const std::string& text,
                                                      const fs::path& file,
                                                      ForeignLabels& labels) {
  std::map<std::uint32_t, std::int32_t> id_of;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty() || line[0] == '#' || line == "\r") continue;
    const auto name_end = line.find(':');
    std::array<int, 3> rgb{};
    const std::string color = name_end == std::string::npos ? "" : line.substr(name_end + 1);
    if (std::sscanf(color.c_str(), "%d,%d,%d", &rgb[0], &rgb[1], &rgb[2]) != 3)
      return failFile(ErrorCode::InvalidInput,
                      file / kMap,
                      fmt::format("line {} is no \"name:r,g,b:parts:actions\"", number),
                      "Correct the line");
    const std::string name = line.substr(0, name_end);
    const std::array<std::uint8_t, 3> bytes{
        static_cast<std::uint8_t>(rgb[0]), static_cast<std::uint8_t>(rgb[1]), static_cast<std::uint8_t>(rgb[2])};
    id_of[keyOf(bytes.data())] = name == "background" ? kForeignNone : number;
    if (name != "background") labels.names[number] = name;
  }
  id_of.try_emplace(0, kForeignNone);
  return id_of;
}

struct CvatFile {
  std::shared_ptr<const ZipArchive> archive{};
  fs::path path{};
  std::map<std::uint32_t, std::int32_t> id_of{};
  std::map<int, std::size_t> class_entries{}, object_entries{};

  Result<ForeignFrame> read(int number) const {
    const std::size_t entry = class_entries.at(number);
    const fs::path name = path / archive->names()[entry];
    TAGSCAPE_ASSIGN(const auto bytes, archive->read(entry, kMostBytes));
    TAGSCAPE_ASSIGN(const RgbImage image, decodeColor(bytes, name));
    const auto objects = object_entries.find(number);
    ForeignFrame frame = emptyForeignFrame(image.width, image.height, objects != object_entries.end());
    for (std::size_t i = 0; i < frame.ids.pixels.size(); ++i) {
      const auto id = id_of.find(keyOf(&image.pixels[3 * i]));
      if (id == id_of.end()) {
        const std::size_t x = i % static_cast<std::size_t>(image.width), y = i / static_cast<std::size_t>(image.width);
        return failFile(ErrorCode::InvalidInput,
                        name,
                        fmt::format("the colour of pixel ({}, {}) is that of no class in {}", x, y, kMap),
                        "Export it as \"Segmentation mask 1.1\", without smoothing");
      }
      frame.ids.pixels[i] = id->second;
    }
    if (objects == object_entries.end()) return frame;
    TAGSCAPE_ASSIGN(const auto more, archive->read(objects->second, kMostBytes));
    TAGSCAPE_ASSIGN(const RgbImage colors, decodeColor(more, path / archive->names()[objects->second]));
    for (std::size_t i = 0; i < frame.ids.pixels.size() && colors.pixels.size() == image.pixels.size(); ++i)
      frame.instances.pixels[i] = keyOf(&colors.pixels[3 * i]);
    return frame;
  }
};

}  // namespace

Status writeCvat(const ExportScene& scene, const FileSink& sink) {
  TAGSCAPE_TRY(checkColors(scene.layer->classes));
  std::vector<ZipEntry> entries;
  std::string list;
  TAGSCAPE_TRY(forEachFrame(scene, [&](int number, const LayerFrame& frame) {
    list += fmt::format("{}\n", number);
    return addImages(frame, scene.layer->classes, std::to_string(number), entries);
  }));
  entries.insert(entries.begin(), {kMap, bytesOfText(labelMap(scene.layer->classes))});
  entries.insert(entries.begin() + 1, {"ImageSets/Segmentation/default.txt", bytesOfText(list)});
  const std::string name = scene.scene->name + ".zip";
  TAGSCAPE_ASSIGN(auto bytes, encodeZip(entries, name));
  return sink(name, std::move(bytes));
}

Result<ForeignLabels> readCvat(const fs::path& place, const std::string& scene) {
  TAGSCAPE_ASSIGN(const fs::path path, sceneFile(place, scene, ".zip"));
  CvatFile file{.path = path};
  TAGSCAPE_ASSIGN(file.archive, ZipArchive::open(path));
  ForeignLabels labels{.meaning = IdMeaning::Named};
  const auto& names = file.archive->names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const fs::path entry = names[i];
    if (names[i] == kMap) {
      TAGSCAPE_ASSIGN(const auto bytes, file.archive->read(i, kMostBytes));
      const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      TAGSCAPE_ASSIGN(file.id_of, readMap(text, path, labels));
    }
    if (entry.extension() != ".png") continue;
    const int number = trailingNumber(entry.stem().string()).value_or(-1);
    if (number >= 0 && names[i].starts_with(kClassFolder)) file.class_entries[number] = i;
    if (number >= 0 && names[i].starts_with(kObjectFolder)) file.object_entries[number] = i;
  }
  if (file.id_of.empty() || file.class_entries.empty())
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("it has no {} or no {}", kMap, kClassFolder),
                    "Export it as \"Segmentation mask 1.1\"");
  for (const auto& [number, entry] : file.class_entries) labels.frame_numbers.push_back(number);
  labels.frame = [file](int number) { return file.read(number); };
  return labels;
}

}  // namespace tagscape::formats
