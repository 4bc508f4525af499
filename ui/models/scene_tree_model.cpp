#include "ui/models/scene_tree_model.h"

#include <QFont>
#include <QSize>
#include <QStringList>

#include <algorithm>

namespace tagscape {
namespace {

constexpr int kMaxThumbnails = 3000;  // of 64 px: about 40 MB
constexpr std::size_t kMaxOpened = 12;
constexpr int kGroupBits = 16;
constexpr QSize kRowSize_px(0, 40);  // Given explicitly, so that views need no thumbnail to compute the height of rows.

// Ids of the model's indices: a group has 0, a scene its group + 1, a frame its scene's row + 1 above that.
quintptr sceneId(std::size_t group) { return group + 1; }
quintptr frameId(std::size_t group, std::size_t scene_row) { return ((scene_row + 1) << kGroupBits) | (group + 1); }
bool isGroup(quintptr id) { return id == 0; }
bool isFrame(quintptr id) { return (id >> kGroupBits) != 0; }
std::size_t groupOf(quintptr id) { return (id & ((1U << kGroupBits) - 1)) - 1; }

QString toText(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

QString tagText(const std::optional<TagSet>& tags) {
  QStringList names;
  for (std::size_t i = 0; tags && i < tags->size(); ++i) {
    if (tags->test(i)) names += QString::fromStdString(std::string(classCatalog()[i].name));
  }
  return names.join(QStringLiteral(", "));
}

}  // namespace

SceneTreeModel::SceneTreeModel(const Document& document, QObject* parent)
    : QAbstractItemModel(parent), document_(document), thumbnails_(kMaxThumbnails) {
  connect(&document, &Document::sceneChanged, this, &SceneTreeModel::sceneChanged);
  sceneChanged();
}

void SceneTreeModel::setDataSet(DataSet data_set) {
  beginResetModel();
  data_set_ = std::move(data_set);
  regroup();
  endResetModel();
}

void SceneTreeModel::sceneChanged() {
  beginResetModel();
  scene_ = document_.scene();
  open_path_ = scene_ ? toText(scene_->path) : QString();
  if (scene_) {
    const auto is_this = [&](const DataSetScene& scene) { return toText(scene.path) == open_path_; };
    if (std::none_of(data_set_.scenes.begin(), data_set_.scenes.end(), is_this)) {
      std::erase_if(opened_, is_this);
      opened_.insert(opened_.begin(), {scene_->name, open_path_.toStdString()});
      if (opened_.size() > kMaxOpened) opened_.pop_back();
    }
  }
  regroup();
  endResetModel();
}

void SceneTreeModel::regroup() {
  wanted_.clear();
  groups_.clear();
  scenes_ = data_set_.scenes;
  const std::size_t num_of_set = scenes_.size();
  std::vector<bool> is_listed(num_of_set, false);
  for (const char* name : {"train", "val", "test"}) {
    const auto split = data_set_.splits.find(name);
    if (split == data_set_.splits.end() || split->second.empty()) continue;
    for (const std::size_t scene : split->second) is_listed[scene] = true;
    groups_.push_back({QString::fromLatin1(name), split->second});
  }
  Group rest{groups_.empty() ? toText(data_set_.path.filename()) : tr("in no split"), {}};
  for (std::size_t i = 0; i < num_of_set; ++i) {
    if (!is_listed[i]) rest.scenes.push_back(i);
  }
  if (!rest.scenes.empty()) groups_.push_back(std::move(rest));
  Group opened{tr("Other scenes"), {}};
  for (const auto& scene : opened_) {
    opened.scenes.push_back(scenes_.size());
    scenes_.push_back(scene);
  }
  if (!opened.scenes.empty()) groups_.push_back(std::move(opened));
}

void SceneTreeModel::setThumbnail(const ThumbnailKey& key, const QImage& image) {
  thumbnails_.insert(key, new QImage(image));
  wanted_.remove(key);
  if (image.isNull()) return;
  const auto announce = [this](const QModelIndex& at) { Q_EMIT dataChanged(at, at, {Qt::DecorationRole}); };
  if (key.frame >= 0) {
    if (key.scene == open_path_) announce(frame(key.frame));
    return;
  }
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    for (std::size_t row = 0; row < groups_[group].scenes.size(); ++row) {
      if (toText(scenes_[groups_[group].scenes[row]].path) == key.scene)
        announce(createIndex(static_cast<int>(row), 0, sceneId(group)));
    }
  }
}

QModelIndex SceneTreeModel::openScene() const {
  for (std::size_t group = 0; scene_ && group < groups_.size(); ++group) {
    for (std::size_t row = 0; row < groups_[group].scenes.size(); ++row) {
      const auto at = createIndex(static_cast<int>(row), 0, sceneId(group));
      if (isOpen(at)) return at;
    }
  }
  return {};
}

QModelIndex SceneTreeModel::frame(int frame_index) const { return index(frame_index, 0, openScene()); }

QModelIndex SceneTreeModel::firstScene() const {
  return data_set_.scenes.empty() || groups_.empty() ? QModelIndex() : index(0, 0, index(0, 0));
}

QModelIndex SceneTreeModel::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent)) return {};
  if (!parent.isValid()) return createIndex(row, column, quintptr{0});
  if (isGroup(parent.internalId())) return createIndex(row, column, sceneId(static_cast<std::size_t>(parent.row())));
  return createIndex(row, column, frameId(groupOf(parent.internalId()), static_cast<std::size_t>(parent.row())));
}

QModelIndex SceneTreeModel::parent(const QModelIndex& child) const {
  if (!child.isValid() || isGroup(child.internalId())) return {};
  const std::size_t group = groupOf(child.internalId());
  if (!isFrame(child.internalId())) return createIndex(static_cast<int>(group), 0, quintptr{0});
  return createIndex(static_cast<int>((child.internalId() >> kGroupBits) - 1), 0, sceneId(group));
}

int SceneTreeModel::rowCount(const QModelIndex& parent) const {
  if (!parent.isValid()) return static_cast<int>(groups_.size());
  if (isGroup(parent.internalId()))
    return static_cast<int>(groups_[static_cast<std::size_t>(parent.row())].scenes.size());
  return isOpen(parent) ? static_cast<int>(scene_->frames.size()) : 0;
}

int SceneTreeModel::columnCount(const QModelIndex&) const { return 1; }

const DataSetScene* SceneTreeModel::sceneAt(const QModelIndex& index) const {
  if (!index.isValid() || isGroup(index.internalId())) return nullptr;
  const std::size_t row =
      isFrame(index.internalId()) ? (index.internalId() >> kGroupBits) - 1 : static_cast<std::size_t>(index.row());
  return &scenes_[groups_[groupOf(index.internalId())].scenes[row]];
}

bool SceneTreeModel::isOpen(const QModelIndex& scene) const {
  if (!scene_ || isFrame(scene.internalId())) return false;
  const DataSetScene* listed = sceneAt(scene);
  return listed != nullptr && toText(listed->path) == open_path_;
}

QVariant SceneTreeModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  if (role == Qt::SizeHintRole) return isGroup(index.internalId()) ? QSize(0, 24) : kRowSize_px;
  if (isGroup(index.internalId())) {
    const Group& group = groups_[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole) return tr("%1 (%2)").arg(group.name).arg(group.scenes.size());
    return role == SearchRole ? QVariant(QString()) : QVariant();
  }
  if (isFrame(index.internalId())) return frameData(index.row(), role);
  return sceneData(*sceneAt(index), isOpen(index), role);
}

QVariant SceneTreeModel::sceneData(const DataSetScene& scene, bool is_open, int role) const {
  const QString name = QString::fromStdString(scene.id);
  const QString tags = is_open ? tagText(scene_->tags) : QString();
  switch (role) {
    case Qt::DisplayRole:
      return name;
    case Qt::ToolTipRole:
      return tags.isEmpty() ? toText(scene.path) : tr("%1\nTags: %2").arg(toText(scene.path), tags);
    case Qt::FontRole: {
      QFont font;
      font.setBold(is_open);
      return font;
    }
    case Qt::DecorationRole:
      return thumbnail({toText(scene.path), -1});
    case PathRole:
      return toText(scene.path);
    case FrameRole:
      return -1;
    case SearchRole:
      return name;  // Without its tags, as those are also its frames', all of which would match.
    default:
      return {};
  }
}

QVariant SceneTreeModel::frameData(int frame_index, int role) const {
  const Frame& frame = scene_->frames[static_cast<std::size_t>(frame_index)];
  const QString tags = tagText(frame.tags);
  switch (role) {
    case Qt::DisplayRole:
      return tr("Frame %1").arg(frame.number);
    case Qt::ToolTipRole:
      return tags.isEmpty() ? tr("Frame %1, no tags").arg(frame.number)
                            : tr("Frame %1\nTags: %2").arg(frame.number).arg(tags);
    case Qt::DecorationRole:
      return frame.has_color ? thumbnail({open_path_, frame_index}) : QVariant();
    case PathRole:
      return open_path_;
    case FrameRole:
      return frame_index;
    case SearchRole:
      return QString(QString::number(frame.number) + ' ' + tags);
    default:
      return {};
  }
}

QVariant SceneTreeModel::thumbnail(const ThumbnailKey& key) const {
  if (const QImage* image = thumbnails_.object(key)) return image->isNull() ? QVariant() : QVariant(*image);
  if (!wanted_.contains(key)) {
    wanted_.insert(key);
    Q_EMIT thumbnailWanted(key);
  }
  return {};
}

}  // namespace tagscape
