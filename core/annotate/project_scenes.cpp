// Scenes, layers and tags of a project.

#include "core/annotate/label_codec.h"
#include "core/annotate/project_impl.h"
#include "core/base/sha256.h"
#include "core/geometry/point_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSceneColumns =
    "SELECT id, name, path, points_hash, num_points, num_frames, done_by, done_s, checked_by, checked_s FROM scenes ";

ProjectScene sceneOf(const SqlRow& row, const fs::path& folder) {
  ProjectScene scene;
  scene.id = row.integer(0);
  scene.name = row.text(1);
  scene.path = (folder / row.text(2)).lexically_normal();
  scene.points_hash = row.text(3);
  scene.num_points = static_cast<std::size_t>(std::max<std::int64_t>(0, row.integer(4)));
  scene.num_frames = static_cast<std::size_t>(std::max<std::int64_t>(0, row.integer(5)));
  scene.done = {row.text(6), row.integer(7)};
  scene.checked = {row.text(8), row.integer(9)};
  return scene;
}

bool isSameFile(const fs::path& a, const fs::path& b) {
  std::error_code code;
  return a == b || fs::equivalent(a, b, code);
}

/// The label of the nearest old point for each new one.
LabelLayer mapped(const LabelLayer& old, const std::vector<std::optional<std::uint32_t>>& nearest) {
  LabelLayer result(nearest.size());
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    if (nearest[i]) result.set(i, old.at(*nearest[i]));
  }
  return result;
}

}  // namespace

std::string pointsHash(const Scene& scene) {
  const auto& positions = scene.points().positions_m;
  return sha256(std::as_bytes(std::span(positions)));
}

std::filesystem::path Project::Impl::relativePath(const fs::path& scene) const {
  std::error_code code;
  const fs::path absolute = fs::absolute(scene, code).lexically_normal();
  return absolute.lexically_proximate(path.parent_path());
}

std::vector<ProjectScene> Project::scenes() const {
  std::vector<ProjectScene> scenes;
  (void)impl_->database.each(std::string(kSceneColumns) + "ORDER BY id", {}, [&](const SqlRow& row) {
    scenes.push_back(sceneOf(row, impl_->path.parent_path()));
    return Status();
  });
  return scenes;
}

std::optional<ProjectScene> Project::scene(SceneId id) const {
  std::optional<ProjectScene> found;
  (void)impl_->database.each(std::string(kSceneColumns) + "WHERE id = ?", {id}, [&](const SqlRow& row) {
    found = sceneOf(row, impl_->path.parent_path());
    return Status();
  });
  return found;
}

std::optional<ProjectScene> Project::findScene(const fs::path& path, const std::string& points_hash) const {
  std::error_code code;
  const fs::path absolute = fs::absolute(path, code).lexically_normal();
  const auto all = scenes();
  for (const ProjectScene& scene : all) {
    if (isSameFile(scene.path, absolute)) return scene;
  }
  // A copy of a scene whose own place is still there is another scene.
  for (const ProjectScene& scene : all) {
    if (scene.points_hash == points_hash && !points_hash.empty() && !fs::exists(scene.path, code)) return scene;
  }
  return std::nullopt;
}

Result<ProjectScene> Project::addScene(const Scene& scene,
                                       const std::string& points_hash,
                                       const std::vector<std::byte>& encoded) {
  TAGSCAPE_TRY(checkWritable());
  const std::string path = impl_->relativePath(scene.path).generic_string();
  const auto num_points = static_cast<std::int64_t>(scene.points().size());
  SceneId id = 0;
  const auto write = [&]() -> Status {
    TAGSCAPE_TRY(
        impl_->database.run("INSERT INTO scenes(name, path, points_hash, num_points, num_frames) VALUES(?, ?, ?, ?, ?)",
                            {std::string_view(scene.name),
                             std::string_view(path),
                             std::string_view(points_hash),
                             num_points,
                             static_cast<std::int64_t>(scene.frames.size())}));
    id = impl_->database.lastInsertedRow();
    if (scene.points().size() <= kMaxKeptPoints) {
      const auto positions = encoded.empty() ? encodePositions(scene.points().positions_m) : encoded;
      TAGSCAPE_TRY(
          impl_->database.run("INSERT INTO positions VALUES(?, ?, ?)", {id, num_points, std::span(positions)}));
    }
    if (scene.tags) TAGSCAPE_TRY(impl_->writeTags(id, kSceneTagsRow, tagsFromCatalog(*scene.tags, impl_->classes)));
    for (const Frame& frame : scene.frames) {
      if (frame.tags) TAGSCAPE_TRY(impl_->writeTags(id, frame.number, tagsFromCatalog(*frame.tags, impl_->classes)));
    }
    return impl_->database.run(
        "INSERT INTO layers(scene, kind, frame, width, height, size, name) "
        "VALUES(?, 0, -1, 0, 0, ?, 'labels')",
        {id, num_points});
  };
  TAGSCAPE_TRY(impl_->database.transaction(write));
  return *this->scene(id);
}

Status Project::setScenePath(SceneId scene, const fs::path& path) {
  TAGSCAPE_TRY(checkWritable());
  const std::string relative = impl_->relativePath(path).generic_string();
  return impl_->database.run("UPDATE scenes SET path = ? WHERE id = ?", {std::string_view(relative), scene});
}

Status Project::setDone(SceneId scene, bool is_done) {
  TAGSCAPE_TRY(checkWritable());
  const std::string by = is_done ? impl_->author : std::string();
  return impl_->database.run("UPDATE scenes SET done_by = ?, done_s = ? WHERE id = ?",
                             {std::string_view(by), nowInSeconds(), scene});
}

Status Project::setChecked(SceneId scene, bool is_checked) {
  TAGSCAPE_TRY(checkWritable());
  const std::string by = is_checked ? impl_->author : std::string();
  return impl_->database.run("UPDATE scenes SET checked_by = ?, checked_s = ? WHERE id = ?",
                             {std::string_view(by), nowInSeconds(), scene});
}

Result<Project::Remapping> Project::remapScene(
    SceneId id, const Scene& scene, const std::string& points_hash, float max_distance_m, const Job& job) {
  TAGSCAPE_TRY(checkWritable());
  std::vector<Eigen::Vector3f> old;
  const Status read = impl_->database.each(
      "SELECT num_points, data FROM positions WHERE scene = ?", {id}, [&](const SqlRow& row) -> Status {
        const auto count = std::min<std::int64_t>(std::max<std::int64_t>(0, row.integer(0)), kMaxKeptPoints);
        TAGSCAPE_ASSIGN(old, decodePositions(row.blob(1), static_cast<std::size_t>(count)));
        return {};
      });
  TAGSCAPE_TRY(read);
  if (old.empty()) {
    return failFile(ErrorCode::Unsupported,
                    impl_->path,
                    "the points that the labels were made for are not kept, as there were too many",
                    "Restore the scan's former cloud");
  }
  const PointLookup lookup(old, max_distance_m);
  const auto& positions = scene.points().positions_m;
  std::vector<std::optional<std::uint32_t>> nearest(positions.size());
  Remapping remapping{positions.size(), 0, 0};
  constexpr std::size_t kBetweenStops = 65'536;
  constexpr float kMoved_m = 0.001F;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (i % kBetweenStops == 0) TAGSCAPE_TRY(job.checkStop("Moving labels to the changed cloud"));
    nearest[i] = lookup.nearest(positions[i]);
    if (!nearest[i]) continue;
    ++remapping.num_mapped;
    if ((old[*nearest[i]] - positions[i]).norm() > kMoved_m) ++remapping.num_moved;
  }
  std::vector<std::pair<LayerId, std::vector<std::byte>>> layers_now;
  for (const ProjectLayer& layer : layers(id)) {
    if (layer.kind != LayerKind::Points) continue;
    TAGSCAPE_ASSIGN(const LoadedLayer loaded, loadLayer(layer.id));
    if (loaded.labels.size() != old.size()) continue;
    layers_now.emplace_back(layer.id, encodeLayer(mapped(loaded.labels, nearest)));
  }
  const auto kept = encodePositions(positions);
  const auto num_points = static_cast<std::int64_t>(positions.size());
  const auto write = [&]() -> Status {
    Database& database = impl_->database;
    TAGSCAPE_TRY(database.run("DELETE FROM log WHERE edit IN (SELECT id FROM edits WHERE scene = ?)", {id}));
    TAGSCAPE_TRY(database.run("DELETE FROM deltas WHERE edit IN (SELECT id FROM edits WHERE scene = ?)", {id}));
    TAGSCAPE_TRY(database.run("UPDATE edits SET state = 2 WHERE scene = ?", {id}));
    for (const auto& [layer, snapshot] : layers_now) {
      TAGSCAPE_TRY(
          database.run("INSERT OR REPLACE INTO snapshots VALUES(?, (SELECT coalesce(max(seq), 0) FROM log), ?)",
                       {layer, std::span(snapshot)}));
      TAGSCAPE_TRY(database.run("UPDATE layers SET size = ? WHERE id = ?", {num_points, layer}));
    }
    TAGSCAPE_TRY(database.run("INSERT OR REPLACE INTO positions VALUES(?, ?, ?)", {id, num_points, std::span(kept)}));
    return database.run("UPDATE scenes SET points_hash = ?, num_points = ? WHERE id = ?",
                        {std::string_view(points_hash), num_points, id});
  };
  TAGSCAPE_TRY(impl_->database.transaction(write));
  return remapping;
}

std::vector<ProjectLayer> Project::Impl::layersWhere(std::string_view condition, std::int64_t value) {
  std::vector<ProjectLayer> layers;
  const std::string sql = fmt::format(
      "SELECT id, scene, kind, frame, width, height, size, name FROM layers WHERE {} ORDER BY id", condition);
  (void)database.each(sql, {value}, [&](const SqlRow& row) {
    constexpr std::int64_t kMaxSize = std::int64_t{1} << 31;
    ProjectLayer layer;
    layer.id = row.integer(0);
    layer.scene = row.integer(1);
    layer.kind = row.integer(2) == 1 ? LayerKind::Frame : LayerKind::Points;
    layer.frame_number = static_cast<int>(row.integer(3));
    layer.width = static_cast<int>(row.integer(4));
    layer.height = static_cast<int>(row.integer(5));
    layer.size = static_cast<std::size_t>(std::clamp<std::int64_t>(row.integer(6), 0, kMaxSize));
    layer.name = row.text(7);
    layers.push_back(layer);
    return Status();
  });
  return layers;
}

std::vector<ProjectLayer> Project::layers(SceneId scene) const { return impl_->layersWhere("scene = ?", scene); }

std::optional<ProjectLayer> Project::pointLayer(SceneId scene) const {
  const auto found = impl_->layersWhere("kind = 0 AND scene = ?", scene);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<ProjectLayer> Project::frameLayer(SceneId scene, int frame_number) const {
  for (const ProjectLayer& layer : impl_->layersWhere("kind = 1 AND scene = ?", scene)) {
    if (layer.frame_number == frame_number) return layer;
  }
  return std::nullopt;
}

Result<ProjectLayer> Project::addLayer(const ProjectLayer& layer) {
  TAGSCAPE_TRY(checkWritable());
  TAGSCAPE_TRY(impl_->database.run(
      "INSERT INTO layers(scene, kind, frame, width, height, size, name) VALUES(?, ?, ?, ?, ?, ?, ?)",
      {layer.scene,
       std::int64_t{layer.kind == LayerKind::Frame ? 1 : 0},
       std::int64_t{layer.frame_number},
       std::int64_t{layer.width},
       std::int64_t{layer.height},
       static_cast<std::int64_t>(layer.size),
       std::string_view(layer.name)}));
  ProjectLayer added = layer;
  added.id = impl_->database.lastInsertedRow();
  return added;
}

Status Project::Impl::writeTags(SceneId scene, std::int64_t row, const std::optional<ClassTags>& tags) {
  if (!tags) return database.run("DELETE FROM tags WHERE scene = ? AND frame = ?", {scene, row});
  const std::string text = tagsText(*tags);
  return database.run("INSERT OR REPLACE INTO tags VALUES(?, ?, ?)", {scene, row, std::string_view(text)});
}

std::map<std::int64_t, ClassTags> Project::Impl::readTags(SceneId scene) {
  std::map<std::int64_t, ClassTags> tags;
  (void)database.each("SELECT frame, classes FROM tags WHERE scene = ?", {scene}, [&](const SqlRow& row) {
    tags.emplace(row.integer(0), tagsFromText(row.text(1)));
    return Status();
  });
  return tags;
}

std::optional<ClassTags> Project::sceneTags(SceneId scene) const {
  const auto tags = impl_->readTags(scene);
  const auto found = tags.find(kSceneTagsRow);
  return found == tags.end() ? std::nullopt : std::optional(found->second);
}

std::map<int, ClassTags> Project::frameTags(SceneId scene) const {
  std::map<int, ClassTags> frames;
  for (const auto& [row, tags] : impl_->readTags(scene)) {
    if (row != kSceneTagsRow) frames.emplace(static_cast<int>(row), tags);
  }
  return frames;
}

PointLabels pointLabelsOf(const Project& project, const ProjectLayer& layer, const LabelLayer& labels) {
  const auto catalog = catalogClassesOf(project.classes());
  constexpr float kFull = 255;
  PointLabels result(layer.name,
                     "project " + project.path().filename().string(),
                     std::vector<std::uint8_t>(labels.size(), kNoClass),
                     {},
                     {LabelOrigin::Unknown});
  std::vector<std::uint16_t> rows;
  for (const ProjectSource& source : project.sources()) rows.push_back(result.rowOf({source.origin, source.frame}));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const LabelValue value = labels.at(i);
    const std::uint8_t label = value.label < catalog.size() ? catalog[value.label] : kNoClass;
    const std::uint16_t row = value.source < rows.size() ? rows[value.source] : rows[0];
    result.set(i, {static_cast<float>(value.confidence) / kFull, row, label});
  }
  return result;
}

SharedScene withProjectTags(const SharedScene& scene, const Project& project, SceneId id) {
  auto tagged = std::make_shared<Scene>(*scene);
  const auto own = project.sceneTags(id);
  tagged->tags = own ? std::optional(catalogTagsOf(*own, project.classes())) : std::nullopt;
  const auto of_frames = project.frameTags(id);
  for (Frame& frame : tagged->frames) {
    const auto found = of_frames.find(frame.number);
    frame.tags =
        found == of_frames.end() ? std::nullopt : std::optional(catalogTagsOf(found->second, project.classes()));
  }
  tagged->tag_source = own || !of_frames.empty() ? TagSource::Given : TagSource::None;
  return tagged;
}

}  // namespace tagscape
