// The project of LabelEditor: opening it, finding the open scene in it, tags.

#include "core/annotate/label_codec.h"
#include "core/scans/tags_file.h"
#include "ui/services/label_editor.h"

#include <QSignalBlocker>

#include <utility>

namespace tagscape {

struct LabelEditor::Attached {
  std::string hash;
  std::vector<std::byte> positions;
  std::optional<ProjectScene> scene;
  std::optional<ProjectLayer> of_layer;
  Project::LoadedLayer loaded;
};

void LabelEditor::createProject(const std::filesystem::path& path, const ClassSet& classes) {
  closeProject();
  adopt(Project::create(path, classes), tr("The project could not be made"));
}

void LabelEditor::openProject(const std::filesystem::path& path) {
  closeProject();
  adopt(Project::open(path), tr("The project could not be opened"));
}

void LabelEditor::adopt(Result<Project> project, const QString& title) {
  if (!project) return Q_EMIT failed(title, QString::fromStdString(project.error().message));
  project_.emplace(std::move(*project));
  settings_.label = 0;
  settings_.instance = 0;
  settings_.protected_classes.reset();
  Q_EMIT settingsChanged();
  Q_EMIT projectChanged();
  Q_EMIT historyChanged();
  attachScene();
  if (project_->isReadOnly())
    Q_EMIT failed(tr("The project is open for reading only"), QString::fromStdString(project_->problem()));
}

void LabelEditor::closeProject() {
  if (!project_) return;
  if (stroke_) endStroke();
  write();
  loader_.drop();
  retry_.stop();
  pending_.clear();
  is_storage_failing_ = false;
  source_rows_.clear();
  scene_.reset();
  of_layer_.reset();
  layer_.reset();
  project_.reset();
  document_.labels().set(nullptr, {});
  Q_EMIT projectChanged();
  Q_EMIT historyChanged();
  Q_EMIT labelsChanged();
}

Status LabelEditor::saveCopy(const std::filesystem::path& path) {
  if (!project_) return fail(ErrorCode::InvalidInput, "No project is open");
  write();
  return project_->saveCopy(path);
}

void LabelEditor::attachScene() {
  if (stroke_) endStroke();
  loader_.drop();
  scene_.reset();
  of_layer_.reset();
  layer_.reset();
  last_unlabelled_ = 0;
  if (document_.labels().layer()) document_.labels().set(nullptr, {});
  if (geometry_scene_ != document_.scene()) {
    geometry_runner_.drop();
    geometry_.reset();
  }
  Q_EMIT labelsChanged();
  if (!project_ || !document_.scene() || document_.scene()->points().size() == 0) return;
  write();
  loader_.start<Attached>(
      [open_scene = document_.scene(), file = project_->path()](const Job& job) -> Result<Attached> {
        Attached found;
        found.hash = pointsHash(*open_scene);
        TAGSCAPE_TRY(job.checkStop("Looking for the scene in the project"));
        TAGSCAPE_ASSIGN(Project project, Project::openReadOnly(file));
        found.scene = project.findScene(open_scene->path, found.hash);
        if (!found.scene && open_scene->points().size() <= Project::kMaxKeptPoints)
          found.positions = encodePositions(open_scene->points().positions_m);
        if (!found.scene) return found;
        found.of_layer = project.pointLayer(found.scene->id);
        if (found.of_layer && found.scene->points_hash == found.hash) {
          TAGSCAPE_ASSIGN(found.loaded, project.loadLayer(found.of_layer->id));
        }
        return found;
      },
      [this](Result<Attached> found) { attached(std::move(found)); });
  makeGeometry();
}

void LabelEditor::attached(Result<Attached> found) {
  if (!found) return Q_EMIT failed(tr("The labels could not be read"), QString::fromStdString(found.error().message));
  points_hash_ = found->hash;
  scene_positions_ = std::move(found->positions);
  scene_ = found->scene;
  of_layer_ = found->of_layer;
  const std::size_t num_points = document_.scene()->points().size();
  if (scene_ && scene_->points_hash != points_hash_) {
    Q_EMIT projectChanged();
    return Q_EMIT cloudChanged(QString::fromStdString(scene_->name), scene_->num_points, num_points);
  }
  if (scene_ && found->loaded.revision < project_->revision() && !project_->isReadOnly()) {
    // Something was undone while the worker read.
    if (auto again = project_->loadLayer(of_layer_->id)) found->loaded = std::move(*again);
  }
  if (scene_ && !project_->isReadOnly()) {
    (void)project_->keepSnapshot(of_layer_->id, found->loaded);  // It only saves time.
    if (scene_->path != document_.scene()->path) (void)project_->setScenePath(scene_->id, document_.scene()->path);
  }
  for (const std::string& problem : found->loaded.problems)
    document_.addWarning({project_->path(), project_->path().string() + ": " + problem});
  showLabels(std::make_shared<LabelLayer>(scene_ ? std::move(found->loaded.labels) : LabelLayer(num_points)));
  showTags();
  Q_EMIT projectChanged();
  Q_EMIT historyChanged();
}

void LabelEditor::showLabels(std::shared_ptr<LabelLayer> layer) {
  layer_ = std::move(layer);
  std::vector<bool> is_person;
  for (const ProjectSource& source : project_->sources()) is_person.push_back(source.isPerson());
  document_.labels().setPersonSources(std::move(is_person));
  document_.labels().set(layer_, project_->classes());
  Q_EMIT labelsChanged();
}

void LabelEditor::makeGeometry() {
  if (geometry_ || geometry_runner_.isBusy()) return;
  geometry_scene_ = document_.scene();
  using Shared = std::shared_ptr<const LabelGeometry>;
  geometry_runner_.start<Shared>([scene = geometry_scene_](const Job& job) { return makeLabelGeometry(scene, job); },
                                 [this](Result<Shared> made) {
                                   if (!made)
                                     return Q_EMIT failed(tr("The superpoints could not be made"),
                                                          QString::fromStdString(made.error().message));
                                   geometry_ = *made;
                                   Q_EMIT settingsChanged();
                                 });
}

Status LabelEditor::ensureScene() {
  if (scene_) return {};
  TAGSCAPE_ASSIGN(scene_, project_->addScene(*document_.scene(), points_hash_, std::exchange(scene_positions_, {})));
  of_layer_ = project_->pointLayer(scene_->id);
  Q_EMIT projectChanged();
  return {};
}

void LabelEditor::remapScene() {
  if (!project_ || !scene_ || !document_.scene() || scene_->points_hash == points_hash_) return;
  constexpr float kMaxDistance_m = 0.05F;
  const auto remapping = project_->remapScene(scene_->id, *document_.scene(), points_hash_, kMaxDistance_m, {});
  if (!remapping) {
    return Q_EMIT failed(tr("The labels could not be brought to the changed cloud"),
                         QString::fromStdString(remapping.error().message));
  }
  attachScene();
  Q_EMIT remapped(remapping->num_mapped, remapping->num_points);
}

void LabelEditor::setDone(bool is_done) {
  if (!canEdit()) return;
  Status set = ensureScene();
  if (set) set = project_->setDone(scene_->id, is_done);
  if (!set) return Q_EMIT failed(tr("The mark could not be kept"), QString::fromStdString(set.error().message));
  scene_ = project_->scene(scene_->id);
  Q_EMIT projectChanged();
}

void LabelEditor::setChecked(bool is_checked) {
  if (!canEdit()) return;
  Status set = ensureScene();
  if (set) set = project_->setChecked(scene_->id, is_checked);
  if (!set) return Q_EMIT failed(tr("The mark could not be kept"), QString::fromStdString(set.error().message));
  scene_ = project_->scene(scene_->id);
  Q_EMIT projectChanged();
}

Status LabelEditor::writeTagsFile() const {
  if (!document_.scene()) return fail(ErrorCode::InvalidInput, "No scene is open");
  Tags tags;
  tags.scene = document_.sceneTags();
  for (int i = 0; i < document_.numFrames(); ++i) {
    const Frame& frame = document_.scene()->frames[static_cast<std::size_t>(i)];
    const bool is_tagged = frame.tags || document_.changedFrameTags().contains(frame.number);
    if (is_tagged) tags.frames.emplace(frame.number, document_.frameTags(i));
  }
  return writeTags(document_.scene()->path / "tags.json", tags);
}

// ---------------------------------------------------------------------------------------------------------------- tags

void LabelEditor::showTags() {
  if (!project_ || !scene_ || !document_.scene()) return Q_EMIT tagsChanged();
  shows_tags_ = true;
  const auto own = project_->sceneTags(scene_->id);
  std::map<int, TagSet> of_frames;
  for (const auto& [frame, tags] : project_->frameTags(scene_->id))
    of_frames.emplace(frame, catalogTagsOf(tags, project_->classes()));
  document_.setTags(own ? std::optional(catalogTagsOf(*own, project_->classes())) : std::nullopt, std::move(of_frames));
  shows_tags_ = false;
  Q_EMIT tagsChanged();
}

/// What becomes of tags in the project, whose other classes stay; nothing if nothing changes.
std::optional<ClassTags> LabelEditor::changedTags(const std::optional<ClassTags>& before, const TagSet& now) const {
  const ClassSet& classes = project_->classes();
  if (before && catalogTagsOf(*before, classes) == now) return std::nullopt;
  ClassTags changed = before.value_or(ClassTags());
  const auto catalog = catalogClassesOf(classes);
  for (std::size_t i = 0; i < catalog.size(); ++i) {
    if (catalog[i] != kNoClass) changed.set(i, now[catalog[i]]);
  }
  return changed;
}

/// The user toggled tags in the document: the difference to the project's is an edit.
void LabelEditor::followTags() {
  if (shows_tags_ || !canEdit() || !document_.scene()) return;
  if (const Status added = ensureScene(); !added)
    return Q_EMIT failed(tr("The tags could not be kept"), QString::fromStdString(added.error().message));
  ProjectEdit edit;
  edit.scene = scene_->id;
  edit.tool = "tags";
  edit.seconds = secondsOfWork();
  const auto own = project_->sceneTags(scene_->id);
  if (document_.changedSceneTags() || own) {
    if (const auto now = changedTags(own, document_.sceneTags())) edit.tags.push_back({std::nullopt, own, now});
  }
  const auto of_frames = project_->frameTags(scene_->id);
  for (const auto& [frame, tags] : document_.changedFrameTags()) {
    const auto found = of_frames.find(frame);
    const auto before = found == of_frames.end() ? std::nullopt : std::optional(found->second);
    if (const auto now = changedTags(before, tags)) edit.tags.push_back({frame, before, now});
  }
  if (edit.tags.empty()) return;
  edit.text = (edit.tags.front().frame_number ? tr("Tags of frame %1").arg(*edit.tags.front().frame_number)
                                              : tr("Tags of the scene"))
                  .toStdString();
  commitEdit(std::move(edit));
  Q_EMIT tagsChanged();
}

void LabelEditor::copyTagsFromFrameBefore() {
  if (!canEdit() || document_.frameIndex() < 1) return;
  auto frames = document_.changedFrameTags();
  frames[document_.frame()->number] = document_.frameTags(document_.frameIndex() - 1);
  document_.setTags(document_.changedSceneTags(), std::move(frames));
}

void LabelEditor::applyTagsToFrames(int first_index, int last_index) {
  if (!canEdit() || !document_.frame()) return;
  const TagSet tags = document_.frameTags(document_.frameIndex());
  auto frames = document_.changedFrameTags();
  for (int i = std::max(0, first_index); i <= std::min(last_index, document_.numFrames() - 1); ++i)
    frames[document_.scene()->frames[static_cast<std::size_t>(i)].number] = tags;
  document_.setTags(document_.changedSceneTags(), std::move(frames));
}

bool LabelEditor::isFrameTagged(const std::map<int, ClassTags>& kept, int index) const {
  const Frame& frame = document_.scene()->frames[static_cast<std::size_t>(index)];
  return scene_ ? kept.contains(frame.number) : frame.tags.has_value();  // A new scene begins with the scan's.
}

int LabelEditor::numTaggedFrames() const {
  if (!project_) return 0;
  const auto kept = scene_ ? project_->frameTags(scene_->id) : std::map<int, ClassTags>();
  int num_tagged = 0;
  for (int i = 0; i < document_.numFrames(); ++i) num_tagged += isFrameTagged(kept, i) ? 1 : 0;
  return num_tagged;
}

std::optional<int> LabelEditor::nextUntaggedFrame() const {
  if (!project_ || document_.numFrames() == 0) return std::nullopt;
  const auto kept = scene_ ? project_->frameTags(scene_->id) : std::map<int, ClassTags>();
  for (int i = 1; i <= document_.numFrames(); ++i) {
    const int index = (document_.frameIndex() + i) % document_.numFrames();
    if (!isFrameTagged(kept, index)) return index;
  }
  return std::nullopt;
}

}  // namespace tagscape
