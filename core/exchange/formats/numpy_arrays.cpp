// numpy arrays of one scene, in <scene>/: labels.npy (ids, 0 for none), confidence.npy, instance.npy and points.npy;
// frames/12.npy with the ids of a frame's pixels, frames/12_instance.npy, frames/12_confidence.npy. classes.json names
// the ids. Reads probabilities too: probabilities.npy [N, C] of points, probabilities/12.npy [C, h, w] of a frame.

#include "core/base/files.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/frame_pixels.h"
#include "core/exchange/formats/pack.h"
#include "core/io/npy_array.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

Result<NpyArray> readArray(const fs::path& file) {
  TAGSCAPE_ASSIGN(const auto bytes, readFile(file));
  return parseNpy(bytes, file);
}

tl::unexpected<Error> refuseShape(const fs::path& file, const NpyArray& array, std::string_view needed) {
  std::string shape;
  for (const std::int64_t side : array.shape) shape += fmt::format("{}{}", shape.empty() ? "" : " x ", side);
  return failFile(ErrorCode::InvalidInput,
                  file,
                  fmt::format("its shape is {}, and {} is needed", shape, needed),
                  "Save it in that shape");
}

std::vector<float> floatsOf(const NpyArray& array) {
  std::vector<float> values(array.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(array.at(i));
  return values;
}

std::int32_t idAt(const NpyArray& array, std::size_t i) {
  const double value = array.at(i);
  return value >= 1 && value <= UINT16_MAX ? static_cast<std::int32_t>(value) : kForeignNone;
}

template <class T>
std::vector<std::uint16_t> idsOfRows(const std::vector<T>& rows, const ExchangeClasses& classes) {
  std::vector<std::uint16_t> ids;
  ids.reserve(rows.size());
  for (const auto row : rows) ids.push_back(idOf(classes, row));
  return ids;
}

Status writePoints(const ExportScene& scene, const std::string& folder, const FileSink& sink) {
  const LayerPoints& points = scene.layer->points;
  const auto count = static_cast<std::int64_t>(points.size());
  std::vector<double> places;
  std::vector<float> confidence;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Eigen::Vector3d place = placeOf(*scene.scene, i);
    places.insert(places.end(), place.data(), place.data() + 3);
    confidence.push_back(points.confidenceOf(i));
  }
  TAGSCAPE_TRY(sink(folder + "labels.npy", encodeNpy({count}, idsOfRows(points.classes, scene.layer->classes))));
  TAGSCAPE_TRY(sink(folder + "confidence.npy", encodeNpy({count}, confidence)));
  if (!points.instances.empty()) TAGSCAPE_TRY(sink(folder + "instance.npy", encodeNpy({count}, points.instances)));
  return sink(folder + "points.npy", encodeNpy({count, 3}, places));
}

Status writeFrame(const LayerFrame& frame,
                  const ExchangeClasses& classes,
                  const std::string& name,
                  const FileSink& sink) {
  const std::vector<std::int64_t> shape{frame.classes.height, frame.classes.width};
  TAGSCAPE_TRY(sink(name + ".npy", encodeNpy(shape, idsOfRows(frame.classes.pixels, classes))));
  if (!frame.confidence.empty())
    TAGSCAPE_TRY(sink(name + "_confidence.npy", encodeNpy(shape, frame.confidence.pixels)));
  if (frame.instances.empty()) return {};
  return sink(name + "_instance.npy", encodeNpy(shape, frame.instances.pixels));
}

Status readPoints(const fs::path& folder, ForeignLabels& labels) {
  const fs::path label_file = folder / "labels.npy", share_file = folder / "probabilities.npy";
  if (!fs::exists(label_file) && !fs::exists(share_file)) return {};
  ForeignPoints& points = labels.points;
  if (fs::exists(share_file)) {
    TAGSCAPE_ASSIGN(const NpyArray array, readArray(share_file));
    if (array.shape.size() != 2 || array.shape[1] < 1 || array.shape[1] > UINT16_MAX)
      return refuseShape(share_file, array, "points x classes");
    points.probabilities = floatsOf(array);
    points.num_classes = static_cast<int>(array.shape[1]);
  } else {
    TAGSCAPE_ASSIGN(const NpyArray array, readArray(label_file));
    if (array.size() != static_cast<std::size_t>(array.shape.empty() ? 0 : array.shape[0]))
      return refuseShape(label_file, array, "one value for each point");
    for (std::size_t i = 0; i < array.size(); ++i) points.ids.push_back(idAt(array, i));
  }
  if (fs::exists(folder / "confidence.npy")) {
    TAGSCAPE_ASSIGN(const NpyArray array, readArray(folder / "confidence.npy"));
    if (array.size() == points.ids.size()) points.confidence = floatsOf(array);
  }
  if (fs::exists(folder / "instance.npy")) {
    TAGSCAPE_ASSIGN(const NpyArray array, readArray(folder / "instance.npy"));
    for (std::size_t i = 0; i < array.size() && array.size() == points.ids.size(); ++i)
      points.instances.push_back(static_cast<std::uint32_t>(std::clamp(array.at(i), 0., 4e9)));
  }
  if (fs::exists(folder / "points.npy")) {
    TAGSCAPE_ASSIGN(const NpyArray array, readArray(folder / "points.npy"));
    if (array.shape.size() != 2 || array.shape[1] < 3) return refuseShape(folder / "points.npy", array, "points x 3");
    const auto columns = static_cast<std::size_t>(array.shape[1]);
    for (std::size_t i = 0; i * columns < array.size(); ++i)
      points.positions.emplace_back(array.at(i * columns), array.at(i * columns + 1), array.at(i * columns + 2));
  }
  return {};
}

Result<ForeignFrame> readShares(const fs::path& file) {
  TAGSCAPE_ASSIGN(const NpyArray array, readArray(file));
  if (array.shape.size() != 3 || !isImageSide(array.shape[1]) || !isImageSide(array.shape[2]))
    return refuseShape(file, array, "classes x rows x columns");
  ForeignFrame frame;
  frame.probabilities = floatsOf(array);
  frame.num_classes = static_cast<int>(array.shape[0]);
  frame.height = static_cast<int>(array.shape[1]);
  frame.width = static_cast<int>(array.shape[2]);
  return frame;
}

Result<ForeignFrame> readIds(const fs::path& file) {
  TAGSCAPE_ASSIGN(const NpyArray array, readArray(file));
  if (array.shape.size() != 2 || !isImageSide(array.shape[0]) || !isImageSide(array.shape[1]))
    return refuseShape(file, array, "rows x columns");
  const fs::path numbers = file.parent_path() / (file.stem().string() + "_instance.npy");
  ForeignFrame frame =
      emptyForeignFrame(static_cast<int>(array.shape[1]), static_cast<int>(array.shape[0]), fs::exists(numbers));
  for (std::size_t i = 0; i < array.size(); ++i) frame.ids.pixels[i] = idAt(array, i);
  if (!frame.instances.empty()) {
    TAGSCAPE_ASSIGN(const NpyArray more, readArray(numbers));
    if (more.shape != array.shape) return refuseShape(numbers, more, "that of the labels");
    for (std::size_t i = 0; i < more.size(); ++i)
      frame.instances.pixels[i] = static_cast<std::uint32_t>(std::clamp(more.at(i), 0., 4e9));
  }
  return frame;
}

Status readClassNames(const fs::path& folder, ForeignLabels& labels) {
  for (const fs::path& file : {folder / "classes.json", folder.parent_path() / "classes.json"}) {
    if (!fs::exists(file)) continue;
    TAGSCAPE_ASSIGN(const nlohmann::json names, readJson(file));
    for (const auto& [id, name] : names.items()) {
      int number = 0;
      const bool is_number = std::from_chars(id.data(), id.data() + id.size(), number).ec == std::errc();
      if (is_number && name.is_string()) labels.names[number] = name.get<std::string>();
    }
    labels.meaning = IdMeaning::Named;
    break;
  }
  return {};
}

}  // namespace

Status writeNumpy(const ExportScene& scene, const FileSink& sink) {
  const std::string folder = scene.scene->name + "/";
  if (scene.points) TAGSCAPE_TRY(writePoints(scene, folder, sink));
  if (!scene.frames) return {};
  return forEachFrame(scene, [&](int number, const LayerFrame& frame) {
    return writeFrame(frame, scene.layer->classes, fmt::format("{}frames/{}", folder, number), sink);
  });
}

Status writeClassNames(const ExchangeClasses& classes, const FileSink& sink) {
  nlohmann::ordered_json names = nlohmann::ordered_json::object();
  for (const auto& info : classes) names[std::to_string(info.id)] = info.name;
  return sink("classes.json", bytesOfText(names.dump(2) + "\n"));
}

Result<ForeignLabels> readNumpy(const fs::path& place, const std::string& scene) {
  fs::path folder;
  for (const char* inside : {"labels.npy", "probabilities.npy", "frames", "probabilities"}) {
    const auto found = folder.empty() ? sceneFolder(place, scene, inside) : Result<fs::path>(folder);
    if (found) folder = *found;
  }
  if (folder.empty())
    return failFile(ErrorCode::NotFound,
                    scene.empty() ? place : place / scene,
                    "it has neither labels.npy, probabilities.npy, frames/ nor probabilities/",
                    "Check the folder and the scene's name");
  ForeignLabels labels{.meaning = IdMeaning::Nyu40};
  TAGSCAPE_TRY(readPoints(folder, labels));
  TAGSCAPE_TRY(readClassNames(folder, labels));
  const bool has_shares = fs::is_directory(folder / "probabilities");
  std::map<int, fs::path> files;
  for (auto& [number, file] : numberedFiles(folder / (has_shares ? "probabilities" : "frames"), ".npy"))
    files.emplace(number, std::move(file));
  for (const auto& [number, file] : files) labels.frame_numbers.push_back(number);
  labels.frame = [files, has_shares](int number) {
    return has_shares ? readShares(files.at(number)) : readIds(files.at(number));
  };
  return labels;
}

}  // namespace tagscape::formats
