#include "core/scans/point_scene.h"

#include "core/clouds/point_file.h"
#include "core/scans/frame_folder.h"
#include "core/scans/label_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

void warn(const fs::path& file, const std::string& problem, Scene& scene) {
  scene.warnings.push_back({file, fmt::format("{}: {}", file.string(), problem)});
}

/// The first column whose ids are known becomes the labels of the points.
void takeLabels(const fs::path& file, LabelIds ids, Scene& scene) {
  const auto table = findLabelMap(file.parent_path());
  auto map = table ? LabelMap::read(*table) : Result<LabelMap>(fail(ErrorCode::NotFound, "no table"));
  for (const auto& column : scene.label_columns) {
    auto reading = readLabelColumn(column, ids, map ? &*map : nullptr);
    if (!reading.note.empty()) warn(file, reading.note, scene);
    if (!reading.classes.empty() && scene.point_labels.empty()) scene.point_labels = std::move(reading.classes);
  }
}

/// A sheet of points at exactly (0, 0, 0) is how some cameras write pixels without depth.
void notePointsAtOrigin(const fs::path& file, const CloudContent& content, Scene& scene) {
  const auto& positions = content.mesh.vertices.positions_m;
  const auto count =
      std::count_if(positions.begin(), positions.end(), [](const Eigen::Vector3f& p) { return p.isZero(0); });
  // A corner of a room may lie there, with the vertices of the walls that meet.
  constexpr std::size_t kFew = 10, kOneIn = 1000;
  const auto num_at_origin = static_cast<std::size_t>(count);
  if (num_at_origin > kFew && num_at_origin * kOneIn > positions.size() && content.offset_m.isZero())
    warn(file, fmt::format("{} points lie at exactly 0 0 0, as pixels without depth do; they were kept", count), scene);
}

}  // namespace

void attachCloud(CloudContent content, const fs::path& file, LabelIds ids, Scene& scene) {
  for (const auto& note : content.notes) warn(file, note, scene);
  content.notes.clear();
  notePointsAtOrigin(file, content, scene);
  scene.label_columns = takeLabelColumns(content);
  for (const auto& note : content.notes) warn(file, note, scene);
  scene.mesh = std::move(content.mesh);
  for (auto& frame : scene.frames) {
    if (frame.world_from_camera) frame.world_from_camera->translation() -= content.offset_m - scene.offset_m;
  }
  scene.offset_m = content.offset_m;
  takeLabels(file, ids, scene);
}

Result<Scene> readPointScene(const fs::path& path, LabelIds ids) {
  TAGSCAPE_ASSIGN(auto content, readPointFile(path));
  Scene scene;
  nameScene(path, scene);
  scene.name = scene.path.stem().string();
  attachCloud(std::move(content), path, ids, scene);
  return scene;
}

}  // namespace tagscape
