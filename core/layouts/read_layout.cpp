#include "core/clouds/point_file.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/layout_table.h"
#include "core/scans/frame_folder.h"
#include "core/scans/point_scene.h"
#include "core/scans/scannet_labels.h"
#include "core/scans/scannet_scene.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> rootsOf(const Layout& layout, const fs::path& path) {
  std::vector<fs::path> roots;
  std::string_view patterns = layout.roots;
  while (true) {
    const auto bar = std::min(patterns.find('|'), patterns.size());
    const auto pattern = patterns.substr(0, bar);
    if (pattern.empty())
      roots.push_back(path);
    else if (const auto root = firstByPattern(path, pattern))
      roots.push_back(*root);
    if (bar == patterns.size()) return roots;
    patterns.remove_prefix(bar + 1);
  }
}

/// What a root lacks.
std::vector<std::string_view> missingIn(const Layout& layout, const fs::path& root) {
  std::vector<std::string_view> missing;
  for (const auto need : layout.needs) {
    if (!firstByPattern(root, need)) missing.push_back(need);
  }
  return missing;
}

std::string withOr(std::string_view alternatives) {
  std::string text(alternatives);
  for (std::size_t bar; (bar = text.find('|')) != std::string::npos;) text.replace(bar, 1, " or ");
  return text;
}

void warn(const fs::path& file, std::string_view problem, Scene& scene) {
  scene.warnings.push_back({file, fmt::format("{}: {}", file.string(), problem)});
}

/// Frames, or an empty scene where there are none but a mesh.
Result<Scene> readFrames(const FoundLayout& found, const fs::path& path, bool has_mesh, const Conventions& given) {
  auto set = found.layout->source(found.root);
  Scene scene;
  nameScene(path, scene);
  if (set && set->frames.empty() && has_mesh) return scene;
  if (set) {
    set->path = path;
    auto frames = makeFrameScene(std::move(*set), given);
    if (frames || !has_mesh) return frames;
    scene.warnings.push_back({found.root, frames.error().message});
    return scene;
  }
  if (!has_mesh) return fail(set.error());
  scene.warnings.push_back({found.root, set.error().message});
  return scene;
}

Pose zUpFromYUp() {
  Pose pose = Pose::Identity();
  pose.linear() << 1, 0, 0, 0, 0, -1, 0, 1, 0;
  return pose;
}

/// ScanNet++: the names of objects in segments_anno.json, by the segment of every vertex in segments.json.
void takeNamedSegments(const fs::path& folder, Scene& scene) {
  std::error_code code;
  const fs::path of_vertices = folder / "segments.json", of_objects = folder / "segments_anno.json";
  if (!scene.point_labels.empty() || !fs::exists(of_vertices, code) || !fs::exists(of_objects, code)) return;
  const auto segments = readSegments(of_vertices);
  const auto groups = readAggregation(of_objects);
  if (!segments) return warn(of_vertices, segments.error().message, scene);
  if (!groups) return warn(of_objects, groups.error().message, scene);
  if (segments->size() != scene.points().size())
    return warn(of_vertices, "it has another number of vertices than the mesh, so its labels are left out", scene);
  std::vector<std::string> unknown;
  const auto ids = nyu40OfSegments(*segments, *groups, LabelMap::builtIn(), unknown);
  for (const auto id : ids) scene.point_labels.push_back(classOfNyu40(id));
  if (!unknown.empty())
    warn(of_objects,
         fmt::format("{} of its names are none of the classes (\"{:.40}\" …)", unknown.size(), unknown.front()),
         scene);
}

}  // namespace

std::optional<FoundLayout> findLayout(const fs::path& path) {
  std::error_code code;
  if (!fs::is_directory(path, code)) return std::nullopt;
  for (const Layout& layout : layoutTable()) {
    for (const auto& root : rootsOf(layout, path)) {
      if (missingIn(layout, root).empty()) return FoundLayout{&layout, root};
    }
  }
  return std::nullopt;
}

std::string nearestLayout(const fs::path& path) {
  std::string nearest;
  double best = 0;
  for (const Layout& layout : layoutTable()) {
    for (const auto& root : rootsOf(layout, path)) {
      const auto missing = missingIn(layout, root);
      const double part = 1 - static_cast<double>(missing.size()) / static_cast<double>(layout.needs.size());
      constexpr double kHalf = 0.5;
      if (part < kHalf || part <= best) continue;
      best = part;
      std::vector<std::string> names;
      for (const auto need : missing) names.push_back(withOr(need));
      nearest = fmt::format("it looks like {}, but {} {} missing",
                            layout.name,
                            fmt::join(names, " and "),
                            names.size() == 1 ? "is" : "are");
    }
  }
  return nearest;
}

fs::path meshOf(const Layout& layout, const fs::path& path) {
  if (layout.meshes.empty()) return {};
  auto mesh = firstByPattern(path, layout.meshes);
  // NICE-SLAM keeps office0_mesh.ply beside the folder office0.
  if (!mesh && layout.meshes.find("*_mesh.ply") != std::string_view::npos) {
    std::error_code code;
    const fs::path place = fs::weakly_canonical(path, code);
    mesh = firstByPattern(place.parent_path(), place.filename().string() + "_mesh.ply");
  }
  return mesh.value_or(fs::path());
}

Result<Scene> readLayout(const FoundLayout& found, const fs::path& path, const Conventions& given) {
  const fs::path mesh = meshOf(*found.layout, path);
  TAGSCAPE_ASSIGN(Scene scene, readFrames(found, path, !mesh.empty(), given));
  nameScene(path, scene);
  if (!mesh.empty()) {
    auto content = readPointFile(mesh);
    if (content)
      attachCloud(std::move(*content), mesh, given.label_ids, scene);
    else if (scene.frames.empty())
      return fail(content.error());
    else
      scene.warnings.push_back({mesh, content.error().message});
  }
  takeNamedSegments(mesh.parent_path(), scene);
  for (const auto& [pattern, what] : found.layout->unused) {
    if (const auto part = firstByPattern(path, pattern)) warn(part->lexically_normal(), what, scene);
  }
  if (found.layout->is_y_up) alignScene(zUpFromYUp(), scene);
  attachTags(path, scene);
  deriveSceneTags(scene);
  return scene;
}

}  // namespace tagscape
