// What ScanNet distributes of a scene's labels, and what its benchmark takes:
//   <scene>.txt                                     one NYU40 id a vertex, for the 3D semantic benchmark
//   scans/<scene>/<scene>_vh_clean_2.labels.ply     vertices in the classes' colours, with a property "label"
//   scans/<scene>/<scene>_vh_clean_2.0.010000.segs.json, <scene>.aggregation.json
// Source: the repository of ScanNet, README.md and BenchmarkScripts/README.md.

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/pack.h"
#include "core/exchange/formats/scannet_text.h"
#include "core/scans/scannet_labels.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr const char* kLabelsEnding = "_vh_clean_2.labels.ply";
constexpr const char* kSegmentsEnding = "_vh_clean_2.0.010000.segs.json";

/// Coordinates as they stand in the scan's own files, before its axes were aligned.
PlyContent labelMesh(const Scene& scene, const ExchangeLayer& layer) {
  PlyContent content;
  Mesh& mesh = content.mesh;
  mesh.triangles = scene.mesh.triangles;
  const bool is_aligned = !scene.world_from_file.isApprox(Pose::Identity(), 0);
  const Eigen::Isometry3f file_from_world = scene.world_from_file.inverse().cast<float>();
  auto& label = content.vertex_scalars["label"];
  for (std::size_t i = 0; i < layer.points.size(); ++i) {
    const Eigen::Vector3f& position = scene.points().positions_m[i];
    mesh.vertices.positions_m.push_back(is_aligned ? Eigen::Vector3f(file_from_world * position) : position);
    const std::uint16_t row = layer.points.classes[i];
    mesh.vertices.colors.push_back(row == kUnlabelled ? Color8{} : layer.classes[row].rgb);
    label.push_back(static_cast<float>(idOf(layer.classes, row)));
  }
  content.offset_m = scene.offset_m;
  return content;
}

/// Segment 0 has no label; every object, and what a class has outside objects, is a segment of its own.
struct Segments {
  std::vector<std::uint32_t> of_vertex;
  std::vector<SegmentGroup> groups;
};

Segments segmentsOf(const ExchangeLayer& layer) {
  Segments segments{std::vector<std::uint32_t>(layer.points.size(), 0), {}};
  for (const LabelledGroup& group : groupsOf(layer.points.classes, layer.points.instances)) {
    const ExchangeClass& info = layer.classes[group.row];
    const auto segment = static_cast<std::uint32_t>(segments.groups.size() + 1);
    segments.groups.push_back({info.raw_category.empty() ? info.name : info.raw_category, {segment}});
    for (const std::uint32_t vertex : group.members) segments.of_vertex[vertex] = segment;
  }
  return segments;
}

std::vector<std::byte> segmentText(const std::string& scene, const std::vector<std::uint32_t>& of_vertex) {
  std::string text =
      fmt::format(R"({{"params":{{"kThresh":"0.010000","segMinVerts":"20"}},"sceneId":{},"segIndices":[)",
                  nlohmann::json(scene).dump());
  text.reserve(text.size() + of_vertex.size() * 4);
  for (std::size_t i = 0; i < of_vertex.size(); ++i) {
    if (i > 0) text += ',';
    const fmt::format_int number(of_vertex[i]);
    text.append(number.data(), number.size());
  }
  return bytesOfText(text + "]}\n");
}

std::vector<std::byte> aggregationText(const std::string& scene, const std::vector<SegmentGroup>& groups) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& group : groups) {
    list.push_back(
        {{"id", list.size()}, {"objectId", list.size()}, {"segments", group.segments}, {"label", group.label}});
  }
  return bytesOfJson({{"sceneId", "scannet." + scene},
                      {"appId", "Aggregator.v2"},
                      {"segGroups", list},
                      {"segmentsFile", "scannet." + scene + kSegmentsEnding}});
}

/// What the segments add to the text: which vertices are an object. A group of a class that has no objects is none.
Status addInstances(const fs::path& folder, const std::string& scene, ForeignPoints& points) {
  const fs::path segment_file = folder / (scene + kSegmentsEnding), group_file = folder / (scene + ".aggregation.json");
  if (!fs::exists(segment_file) || !fs::exists(group_file)) return {};
  TAGSCAPE_ASSIGN(const auto segments, readSegments(segment_file));
  TAGSCAPE_ASSIGN(const auto groups, readAggregation(group_file));
  if (segments.size() != points.ids.size()) {
    return failFile(
        ErrorCode::InvalidInput,
        segment_file,
        fmt::format("it has segments of {} vertices, and the labels are of {}", segments.size(), points.ids.size()),
        "Take files of the same scene");
  }
  std::map<std::int64_t, std::uint32_t> group_of;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto nyu40 = LabelMap::builtIn().nyu40OfCategory(groups[g].label);
    if (nyu40 && *nyu40 <= 2) continue;  // wall and floor
    for (const std::int64_t segment : groups[g].segments) group_of[segment] = static_cast<std::uint32_t>(g + 1);
  }
  points.instances.resize(segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto found = group_of.find(segments[i]);
    points.instances[i] = found == group_of.end() ? 0 : found->second;
  }
  return {};
}

}  // namespace

Status writeScanNet(const ExportScene& scene, const FileSink& sink) {
  const std::string& name = scene.scene->name;
  const ExchangeLayer& layer = *scene.layer;
  const std::string folder = "scans/" + name + "/" + name;
  TAGSCAPE_TRY(sink(name + ".txt", numberLines(idsOf(layer))));
  const PlyStyle style{true, {"label"}};
  TAGSCAPE_TRY(sink(folder + kLabelsEnding, encodePly(labelMesh(*scene.scene, layer), {}, style)));
  const Segments segments = segmentsOf(layer);
  TAGSCAPE_TRY(sink(folder + kSegmentsEnding, segmentText(name, segments.of_vertex)));
  return sink(folder + ".aggregation.json", aggregationText(name, segments.groups));
}

Result<ForeignLabels> readScanNet(const fs::path& place, const std::string& scene) {
  TAGSCAPE_ASSIGN(const fs::path file, sceneFile(place, scene, ".txt"));
  TAGSCAPE_ASSIGN(const auto numbers, readNumberLines(file));
  ForeignLabels labels{.meaning = IdMeaning::Nyu40};
  ForeignPoints& points = labels.points;
  points.ids.resize(numbers.size());
  std::transform(numbers.begin(), numbers.end(), points.ids.begin(), &foreignId);
  const std::string name = file.stem().string();
  TAGSCAPE_TRY(addInstances(file.parent_path() / "scans" / name, name, points));
  return labels;
}

}  // namespace tagscape::formats
