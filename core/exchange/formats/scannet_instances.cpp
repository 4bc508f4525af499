// Predictions for ScanNet's 3D instance benchmark: <scene>.txt has a line "predicted_masks/<scene>_007.txt ID
// CONFIDENCE" for each object; a mask has 0 or 1 for each vertex. Source: the benchmark's documentation and
// BenchmarkScripts/3d_evaluation/evaluate_semantic_instance.py, which refuses paths that leave the folder.

#include "core/base/files.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/pack.h"
#include "core/exchange/formats/scannet_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <sstream>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMaskFolder = "predicted_masks";

double meanConfidence(const LayerPoints& points, const std::vector<std::uint32_t>& members) {
  double sum = 0;
  for (const std::uint32_t i : members) sum += static_cast<double>(points.confidenceOf(i));
  return sum / static_cast<double>(members.size());
}

std::vector<std::byte> maskText(std::size_t num_points, const std::vector<std::uint32_t>& members) {
  std::string text;
  text.reserve(2 * num_points);
  for (std::size_t i = 0; i < num_points; ++i) text += "0\n";
  for (const std::uint32_t i : members) text[2 * std::size_t{i}] = '1';
  return bytesOfText(text);
}

struct MaskLine {
  fs::path mask;
  std::int32_t id = 0;
  double confidence = 0;
};

/// A path from the file, which must stay below its folder.
bool isBelow(const fs::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  for (const auto& part : path) {
    if (part == "..") return false;
  }
  return true;
}

Result<std::vector<MaskLine>> readLines(const fs::path& file) {
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(file));
  std::istringstream lines(text);
  std::vector<MaskLine> found;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \r\t") == std::string::npos) continue;
    std::istringstream words(line);
    std::string mask;
    MaskLine entry;
    if (!(words >> mask >> entry.id >> entry.confidence) || !isBelow(mask)) {
      return failFile(ErrorCode::InvalidInput,
                      file,
                      fmt::format("line {} is no \"PATH ID CONFIDENCE\" with a path below the folder", number),
                      "Correct the line");
    }
    entry.mask = file.parent_path() / mask;
    found.push_back(std::move(entry));
  }
  return found;
}

/// Puts an object over what surer ones leave free.
Status addMask(const MaskLine& line, std::uint32_t instance, ForeignPoints& points) {
  TAGSCAPE_ASSIGN(const auto mask, readNumberLines(line.mask));
  if (points.ids.empty()) {
    points.ids.assign(mask.size(), kForeignNone);
    points.confidence.assign(mask.size(), 0.F);
    points.instances.assign(mask.size(), 0);
  }
  if (mask.size() != points.ids.size()) {
    return failFile(ErrorCode::InvalidInput,
                    line.mask,
                    fmt::format("it has {} lines, and the masks before it have {}", mask.size(), points.ids.size()),
                    "Write one line for each vertex of the mesh");
  }
  const auto confidence = static_cast<float>(line.confidence);
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == 0 || (points.instances[i] != 0 && points.confidence[i] >= confidence)) continue;
    points.ids[i] = foreignId(line.id);
    points.confidence[i] = confidence;
    points.instances[i] = instance;
  }
  return {};
}

}  // namespace

Status writeScanNetInstances(const ExportScene& scene, const FileSink& sink) {
  const ExchangeLayer& layer = *scene.layer;
  const std::string& name = scene.scene->name;
  std::string list;
  int number = 0;
  for (const LabelledGroup& group : groupsOf(layer.points.classes, layer.points.instances)) {
    if (group.instance == 0) continue;
    const std::string mask = fmt::format("{}/{}_{:03}.txt", kMaskFolder, name, number++);
    TAGSCAPE_TRY(sink(mask, maskText(layer.points.size(), group.members)));
    list +=
        fmt::format("{} {} {:.6f}\n", mask, layer.classes[group.row].id, meanConfidence(layer.points, group.members));
  }
  return sink(name + ".txt", bytesOfText(list));
}

Result<ForeignLabels> readScanNetInstances(const fs::path& place, const std::string& scene) {
  TAGSCAPE_ASSIGN(const fs::path file, sceneFile(place, scene, ".txt"));
  TAGSCAPE_ASSIGN(const auto lines, readLines(file));
  ForeignLabels labels{.meaning = IdMeaning::Nyu40};
  ForeignPoints& points = labels.points;
  for (std::size_t i = 0; i < lines.size(); ++i)
    TAGSCAPE_TRY(addMask(lines[i], static_cast<std::uint32_t>(i + 1), points));
  points.confidence.clear();  // a mean over an object, not that of its points
  return labels;
}

}  // namespace tagscape::formats
