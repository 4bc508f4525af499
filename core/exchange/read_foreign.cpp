#include "core/base/files.h"
#include "core/exchange/format_table.h"
#include "core/exchange/importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

/// The formats that a file can be, by its name, the likeliest first.
std::vector<std::string_view> candidatesFor(const fs::path& file) {
  const std::string name = file.filename().string(), extension = file.extension().string();
  if (name.ends_with(".pcd.json")) return {"supervisely"};
  if (name.starts_with("panoptic_") || name.starts_with("instances_")) return {"coco"};
  if (extension == ".json") return {"label-studio", "coco", "datumaro", "supervisely"};
  if (extension == ".txt") return {"scannet", "scannet-instances"};
  static const std::map<std::string, std::vector<std::string_view>> by_extension{{".ply", {"ply"}},
                                                                                 {".pcd", {"pcd"}},
                                                                                 {".las", {"las"}},
                                                                                 {".zip", {"cvat"}},
                                                                                 {".label", {"semantickitti"}},
                                                                                 {".bin", {"labelcloud"}}};
  const auto found = by_extension.find(extension);
  return found == by_extension.end() ? std::vector<std::string_view>() : found->second;
}

/// Of a folder: those that keep a scene in files with names of their own come before those that take any.
std::vector<std::string_view> candidatesForFolder() {
  return {"semantickitti",
          "supervisely",
          "labelcloud",
          "datumaro",
          "pointcept",
          "npy",
          "label-images",
          "coco",
          "cvat",
          "label-studio",
          "scannet",
          "scannet-instances",
          "las",
          "pcd",
          "ply"};
}

bool saysSomething(const ForeignLabels& labels) {
  return !labels.points.ids.empty() || !labels.points.probabilities.empty() || !labels.frame_numbers.empty();
}

Result<ForeignSource> readAs(std::string_view name, const fs::path& place, const std::string& scene) {
  TAGSCAPE_ASSIGN(const ExchangeFormat* format, exchangeFormatNamed(name));
  if (format->read == nullptr)
    return fail(ErrorCode::InvalidInput,
                fmt::format("The format {} is made to be looked at and is not read", format->name));
  // A folder of an export has one for each format.
  const fs::path own = fs::is_directory(place / name) ? place / name : place;
  TAGSCAPE_ASSIGN(ForeignLabels labels, format->read(own, scene));
  if (!saysSomething(labels)) return failFile(ErrorCode::InvalidInput, own, "it has no labels", "Check the file");
  return ForeignSource{format, own, std::move(labels)};
}

}  // namespace

Result<ForeignSource> readForeign(const fs::path& place, const std::string& scene, const ExchangeFormat* format) {
  if (format != nullptr) return readAs(format->name, place, scene);
  std::error_code code;
  if (!fs::exists(place, code)) return failFile(ErrorCode::NotFound, place, "no such file or folder", "Check the path");
  const bool is_folder = fs::is_directory(place, code);
  auto candidates = is_folder ? candidatesForFolder() : candidatesFor(place);
  // Folders of an export are named after their formats.
  std::stable_partition(candidates.begin(), candidates.end(), [&](std::string_view name) {
    return is_folder && (fs::is_directory(place / name) || place.filename() == name);
  });
  std::optional<Error> first;
  for (const std::string_view name : candidates) {
    auto source = readAs(name, place, scene);
    if (source) return source;
    if (!first || (first->code == ErrorCode::NotFound && source.error().code != ErrorCode::NotFound))
      first = source.error();
  }
  if (first && (!is_folder || first->code != ErrorCode::NotFound)) return fail(*first);
  return failFile(
      ErrorCode::InvalidInput,
      place,
      fmt::format("no format's files are there{}", scene.empty() ? "" : fmt::format(" for scene '{}'", scene)),
      "Name the format with --format, and the folder that it lies in");
}

}  // namespace tagscape
