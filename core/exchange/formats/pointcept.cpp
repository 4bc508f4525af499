// A folder of numpy arrays for each scene, as Pointcept's data sets load them: coord.npy and color.npy (float),
// normal.npy where the scan has normals, segment20.npy (ScanNet: rows of the 20 classes), segment.npy (S3DIS: the same
// as a column) and instance.npy; -1 is none. Source: Pointcept, datasets/defaults.py and the preprocessing of ScanNet
// and S3DIS.

#include "core/base/files.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/pack.h"
#include "core/io/npy_array.h"

#include <fmt/format.h>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

Result<NpyArray> readArray(const fs::path& file) {
  TAGSCAPE_ASSIGN(const auto bytes, readFile(file));
  return parseNpy(bytes, file);
}

Status checkCount(const fs::path& file, std::size_t count, std::size_t expected) {
  if (count == expected) return {};
  return failFile(ErrorCode::InvalidInput,
                  file,
                  fmt::format("it has {} values, and there are labels of {} points", count, expected),
                  "Take arrays of the same scene");
}

std::vector<float> flat(const std::vector<Eigen::Vector3f>& rows) {
  std::vector<float> values;
  values.reserve(3 * rows.size());
  for (const auto& row : rows) values.insert(values.end(), row.data(), row.data() + 3);
  return values;
}

}  // namespace

Status writePointcept(const ExportScene& scene, const FileSink& sink) {
  const PointCloud& cloud = scene.scene->points();
  const LayerPoints& points = scene.layer->points;
  const std::string folder = scene.scene->name + "/";
  const auto count = static_cast<std::int64_t>(points.size());
  std::vector<std::uint8_t> colors;
  std::vector<std::int16_t> segments;
  std::vector<std::int32_t> instances;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Color8 rgb = colorOf(*scene.scene, i);
    colors.insert(colors.end(), rgb.begin(), rgb.end());
    segments.push_back(points.classes[i] == kUnlabelled ? std::int16_t{-1}
                                                        : static_cast<std::int16_t>(points.classes[i]));
    instances.push_back(static_cast<std::int32_t>(points.instanceOf(i)) - 1);
  }
  TAGSCAPE_TRY(sink(folder + "coord.npy", encodeNpy({count, 3}, flat(cloud.positions_m))));
  TAGSCAPE_TRY(sink(folder + "color.npy", encodeNpy({count, 3}, colors)));
  if (!cloud.normals.empty()) TAGSCAPE_TRY(sink(folder + "normal.npy", encodeNpy({count, 3}, flat(cloud.normals))));
  TAGSCAPE_TRY(sink(folder + "segment20.npy", encodeNpy({count}, segments)));
  TAGSCAPE_TRY(sink(folder + "segment.npy", encodeNpy({count, 1}, segments)));
  return sink(folder + "instance.npy", encodeNpy({count}, instances));
}

Result<ForeignLabels> readPointcept(const fs::path& place, const std::string& scene) {
  auto folder = sceneFolder(place, scene, "segment20.npy");
  const bool is_scannet = folder.has_value();
  if (!is_scannet) folder = sceneFolder(place, scene, "segment.npy");
  if (!folder) return fail(folder.error());
  TAGSCAPE_ASSIGN(const NpyArray segments, readArray(*folder / (is_scannet ? "segment20.npy" : "segment.npy")));
  ForeignLabels labels{.meaning = is_scannet ? IdMeaning::Train : IdMeaning::Unknown};
  ForeignPoints& points = labels.points;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const double id = segments.at(i);
    points.ids.push_back(id < 0 || id > INT16_MAX ? kForeignNone : static_cast<std::int32_t>(id));
  }
  if (fs::exists(*folder / "instance.npy")) {
    TAGSCAPE_ASSIGN(const NpyArray instances, readArray(*folder / "instance.npy"));
    TAGSCAPE_TRY(checkCount(*folder / "instance.npy", instances.size(), points.ids.size()));
    for (std::size_t i = 0; i < instances.size(); ++i)
      points.instances.push_back(instances.at(i) < 0 ? 0U : static_cast<std::uint32_t>(instances.at(i)) + 1);
  }
  if (fs::exists(*folder / "coord.npy")) {
    TAGSCAPE_ASSIGN(const NpyArray coord, readArray(*folder / "coord.npy"));
    TAGSCAPE_TRY(checkCount(*folder / "coord.npy", coord.size() / 3, points.ids.size()));
    for (std::size_t i = 0; i < points.ids.size(); ++i)
      points.positions.emplace_back(coord.at(3 * i), coord.at(3 * i + 1), coord.at(3 * i + 2));
  }
  return labels;
}

}  // namespace tagscape::formats
