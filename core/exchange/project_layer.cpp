#include "core/exchange/project_layer.h"

#include "core/annotate/label_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <set>

namespace tagscape {
namespace {

constexpr float kWhole = 255;  // confidence in a byte

bool hasInstances(const std::string& name) {
  const std::string plain = plainClassName(name);
  return plain != "wall" && plain != "floor" && plain != "ceiling";
}

/// Whether every class has an id of its own in a scheme.
bool hasUniqueIds(const ClassSet& set, const std::string& scheme) {
  std::set<int> ids;
  return std::all_of(set.classes.begin(), set.classes.end(), [&](const LabelClass& info) {
    const auto id = info.ids.find(scheme);
    return id != info.ids.end() && id->second > 0 && id->second < kUnlabelled && ids.insert(id->second).second;
  });
}

std::uint16_t idIn(const LabelClass& info, const std::string& scheme) {
  const auto id = info.ids.find(scheme);
  return id == info.ids.end() || id->second < 0 || id->second >= kUnlabelled ? 0
                                                                             : static_cast<std::uint16_t>(id->second);
}

Result<ProjectScene> findScene(const Project& project, const Scene& scene) {
  if (auto found = project.findScene(scene.path, pointsHash(scene))) return *found;
  return failFile(ErrorCode::NotFound,
                  project.path(),
                  fmt::format("it has no scene '{}'", scene.name),
                  "Add the scene to the project first");
}

std::optional<ProjectLayer> findLayer(const Project& project, SceneId scene, const std::string& name) {
  for (const ProjectLayer& layer : project.layers(scene)) {
    if (layer.kind == LayerKind::Points && (name.empty() || layer.name == name)) return layer;
  }
  return std::nullopt;
}

std::string layerNames(const Project& project, SceneId scene) {
  std::set<std::string> names;
  for (const ProjectLayer& layer : project.layers(scene)) names.insert(layer.name);
  std::string text;
  for (const auto& name : names) text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", name);
  return text.empty() ? "none" : text;
}

std::uint16_t rowOf(std::uint8_t label, std::size_t num_classes) {
  return label < num_classes ? std::uint16_t{label} : kUnlabelled;
}

LayerPoints pointsOf(const LabelLayer& labels, const std::vector<ProjectSource>& sources, std::size_t num_classes) {
  LayerPoints points;
  bool has_instances = false;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const LabelValue value = labels.at(i);
    const std::uint16_t row = rowOf(value.label, num_classes);
    points.classes.push_back(row);
    points.confidence.push_back(row == kUnlabelled ? 0.F : static_cast<float>(value.confidence) / kWhole);
    points.instances.push_back(row == kUnlabelled ? 0U : value.instance);
    points.origins.push_back(value.source < sources.size() ? sources[value.source].origin : LabelOrigin::Unknown);
    has_instances = has_instances || points.instances.back() != 0;
  }
  if (!has_instances) points.instances.clear();
  return points;
}

/// The frames of a project that have a layer of a name.
class ProjectFrames : public LayerFrames {
 public:
  ProjectFrames(std::shared_ptr<Project> project, SharedScene scene, SceneId id, const std::string& name)
      : project_(std::move(project)), scene_(std::move(scene)), num_classes_(project_->classes().size()) {
    std::map<int, ProjectLayer> by_number;
    for (const ProjectLayer& layer : project_->layers(id)) {
      if (layer.kind == LayerKind::Frame && layer.name == name) by_number[layer.frame_number] = layer;
    }
    for (std::size_t i = 0; i < scene_->frames.size(); ++i) {
      const auto found = by_number.find(scene_->frames[i].number);
      if (found == by_number.end()) continue;
      indices_.push_back(i);
      layers_[i] = found->second;
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& indices() const override { return indices_; }

  [[nodiscard]] Result<LayerFrame> read(std::size_t frame_index) const override {
    const ProjectLayer& layer = layers_.at(frame_index);
    const std::scoped_lock lock(mutex_);
    TAGSCAPE_ASSIGN(const Project::LoadedLayer loaded, project_->loadLayer(layer.id));
    const int width = scene_->color_intrinsics.width, height = scene_->color_intrinsics.height;
    LayerFrame frame{{width, height, 1, kUnlabelled}, {width, height, 1, 0.F}, {width, height, 1, 0U}};
    for (int y = 0; y < height; ++y) {
      const std::int64_t v = std::int64_t{y} * layer.height / height;
      for (int x = 0; x < width; ++x) {
        const std::int64_t u = std::int64_t{x} * layer.width / width;
        const LabelValue value = loaded.labels.at(static_cast<std::size_t>(v * layer.width + u));
        const std::uint16_t row = rowOf(value.label, num_classes_);
        frame.classes.at(x, y) = row;
        if (row == kUnlabelled) continue;
        frame.confidence.at(x, y) = static_cast<float>(value.confidence) / kWhole;
        frame.instances.at(x, y) = value.instance;
      }
    }
    return frame;
  }

 private:
  std::shared_ptr<Project> project_;
  SharedScene scene_;
  std::size_t num_classes_;
  std::vector<std::size_t> indices_;
  std::map<std::size_t, ProjectLayer> layers_;
  mutable std::mutex mutex_;
};

LabelValue valueOf(std::uint16_t row, float confidence, std::uint32_t instance, std::uint16_t source) {
  return {static_cast<std::uint8_t>(row),
          static_cast<std::uint8_t>(std::lround(std::clamp(confidence, 0.F, 1.F) * kWhole)),
          static_cast<std::uint16_t>(std::min<std::uint32_t>(instance, UINT16_MAX)),
          source};
}

/// The layer of a scene or a frame, which is added where there is none.
Result<ProjectLayer> layerFor(Project& project, const ProjectLayer& wanted) {
  for (const ProjectLayer& layer : project.layers(wanted.scene)) {
    const bool is_same =
        layer.kind == wanted.kind && layer.name == wanted.name && layer.frame_number == wanted.frame_number;
    if (!is_same) continue;
    if (layer.size == wanted.size) return layer;
    return failFile(ErrorCode::InvalidInput,
                    project.path(),
                    fmt::format("its layer \"{}\" has {} labels, and the scan {}", layer.name, layer.size, wanted.size),
                    "Import into a layer of another name");
  }
  return project.addLayer(wanted);
}

/// What changes in a layer where there is a new label.
Result<LayerChange> changeOf(Project& project, const ProjectLayer& layer, const std::vector<LabelValue>& proposed) {
  TAGSCAPE_ASSIGN(const Project::LoadedLayer loaded, project.loadLayer(layer.id));
  LayerChange change{layer.id, {}};
  for (std::size_t i = 0; i < proposed.size(); ++i) {
    const LabelValue before = loaded.labels.at(i);
    if (proposed[i].label == kNoClass || proposed[i] == before) continue;
    change.delta.elements.push_back(static_cast<std::uint32_t>(i));
    change.delta.before.push_back(before);
    change.delta.after.push_back(proposed[i]);
  }
  return change;
}

Status addPoints(
    Project& project, const ProjectLayer& wanted, const LayerPoints& points, std::uint16_t source, ProjectEdit& edit) {
  std::vector<LabelValue> values(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points.classes[i] != kUnlabelled)
      values[i] = valueOf(points.classes[i], points.confidenceOf(i), points.instanceOf(i), source);
  }
  TAGSCAPE_ASSIGN(const ProjectLayer layer, layerFor(project, wanted));
  TAGSCAPE_ASSIGN(LayerChange change, changeOf(project, layer, values));
  if (!change.delta.isEmpty()) edit.layers.push_back(std::move(change));
  return {};
}

Status addFrame(
    Project& project, ProjectLayer wanted, const LayerFrame& frame, std::uint16_t source, ProjectEdit& edit) {
  std::vector<LabelValue> values(frame.classes.pixels.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t row = frame.classes.pixels[i];
    const float confidence = frame.confidence.empty() ? 1.F : frame.confidence.pixels[i];
    if (row != kUnlabelled)
      values[i] = valueOf(row, confidence, frame.instances.empty() ? 0 : frame.instances.pixels[i], source);
  }
  wanted.width = frame.classes.width;
  wanted.height = frame.classes.height;
  wanted.size = values.size();
  TAGSCAPE_ASSIGN(const ProjectLayer layer, layerFor(project, wanted));
  TAGSCAPE_ASSIGN(LayerChange change, changeOf(project, layer, values));
  if (!change.delta.isEmpty()) edit.layers.push_back(std::move(change));
  return {};
}

}  // namespace

ExchangeClasses exchangeClassesOf(const ClassSet& set) {
  const bool has_nyu40 = hasUniqueIds(set, "nyu40"), has_own = hasUniqueIds(set, set.name);
  ExchangeClasses classes;
  for (std::size_t row = 0; row < set.size(); ++row) {
    const LabelClass& info = set.classes[row];
    const auto number = static_cast<std::uint16_t>(row + 1);
    const std::uint16_t id = has_nyu40 ? idIn(info, "nyu40") : has_own ? idIn(info, set.name) : number;
    classes.push_back({info.name, id, info.rgb, {}, idIn(info, "scannet200"), hasInstances(info.name)});
  }
  // ScanNet's own 20 have its raw categories, too.
  for (const ExchangeClass& known : scanNetClasses()) {
    for (ExchangeClass& info : classes) {
      if (info.name != known.name || info.id != known.id) continue;
      info.raw_category = known.raw_category;
      if (info.raw_id == 0) info.raw_id = known.raw_id;
    }
  }
  return classes;
}

Result<ExchangeLayer> layerOfProject(const std::shared_ptr<Project>& project,
                                     const SharedScene& scene,
                                     const std::string& name) {
  TAGSCAPE_ASSIGN(const ProjectScene found, findScene(*project, *scene));
  ExchangeLayer layer{
      .name = name,
      .provenance = fmt::format("of project {}, revision {}", project->path().filename().string(), project->revision()),
      .classes = exchangeClassesOf(project->classes()),
      .points = {}};
  const auto points = findLayer(*project, found.id, name);
  if (points) {
    if (points->size != scene->points().size()) {
      return failFile(
          ErrorCode::InvalidInput,
          project->path(),
          fmt::format(
              "its layer \"{}\" has {} points, and the scan {}", points->name, points->size, scene->points().size()),
          "Open the scan in the project once, which maps the labels to its points");
    }
    TAGSCAPE_ASSIGN(const Project::LoadedLayer loaded, project->loadLayer(points->id));
    layer.name = points->name;
    layer.points = pointsOf(loaded.labels, project->sources(), layer.classes.size());
  }
  const auto frames = std::make_shared<ProjectFrames>(project, scene, found.id, layer.name);
  if (!frames->indices().empty()) layer.frames = frames;
  if (points || layer.frames != nullptr) return layer;
  return failFile(ErrorCode::NotFound,
                  project->path(),
                  fmt::format("scene '{}' has no layer \"{}\"", scene->name, name),
                  fmt::format("Choose one of these: {}", layerNames(*project, found.id)));
}

Status addToProject(Project& project,
                    const SharedScene& scene,
                    const std::string& layer_name,
                    const ExchangeLayer& layer,
                    const Job& job) {
  const std::string hash = pointsHash(*scene);
  auto found = project.findScene(scene->path, hash);
  if (!found) {
    TAGSCAPE_ASSIGN(found, project.addScene(*scene, hash));
  }
  TAGSCAPE_ASSIGN(const std::uint16_t source,
                  project.sourceRow({.origin = LabelOrigin::Import, .tool = "import", .model = layer.provenance}));
  ProjectEdit edit{
      .scene = found->id, .tool = "import", .text = layer.provenance, .is_machine = true, .layers = {}, .tags = {}};
  ProjectLayer wanted{.scene = found->id, .name = layer_name};
  if (layer.points.size() > 0) {
    wanted.size = layer.points.size();
    TAGSCAPE_TRY(addPoints(project, wanted, layer.points, source, edit));
  }
  wanted.kind = LayerKind::Frame;
  for (const std::size_t index : layer.frames == nullptr ? std::vector<std::size_t>() : layer.frames->indices()) {
    TAGSCAPE_TRY(job.checkStop("Importing"));
    wanted.frame_number = scene->frames[index].number;
    TAGSCAPE_ASSIGN(const LayerFrame frame, layer.frames->read(index));
    TAGSCAPE_TRY(addFrame(project, wanted, frame, source, edit));
  }
  if (edit.isEmpty()) return {};
  TAGSCAPE_ASSIGN(const EditId id, project.commit(edit));
  (void)id;
  return {};
}

}  // namespace tagscape
