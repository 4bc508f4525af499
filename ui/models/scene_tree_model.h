#pragma once

#include "core/scans/data_set.h"
#include "ui/models/document.h"

#include <QAbstractItemModel>
#include <QCache>
#include <QImage>
#include <QSet>

namespace tagscape {

/// Identifies a thumbnail.
struct ThumbnailKey {
  QString scene;   ///< Path of the scene.
  int frame = -1;  ///< Index in Scene::frames of the open scene; -1 for the scene itself.

  bool operator==(const ThumbnailKey&) const = default;
};
[[nodiscard]] inline std::size_t qHash(const ThumbnailKey& key, std::size_t seed = 0) {
  return qHashMulti(seed, key.scene, key.frame);
}

/// A tree of groups, scenes and frames: the splits of a data set with their scenes, other scenes, and the frames of the
/// open scene. Read-only; follows the document, which must outlive it. Thumbnails are provided from outside: a missing
/// one is requested once, when it is displayed.
class SceneTreeModel : public QAbstractItemModel {
  Q_OBJECT

 public:
  enum Role { PathRole = Qt::UserRole, FrameRole, SearchRole };

  explicit SceneTreeModel(const Document& document, QObject* parent = nullptr);

  /// Replaces the data set; other scenes stay.
  /// @param data_set  with canonical paths as in Scene::path, so that the open scene is found in it.
  void setDataSet(DataSet data_set);
  [[nodiscard]] int numScenes() const { return static_cast<int>(scenes_.size()); }
  /// A null image means that there is none and it is not requested again.
  void setThumbnail(const ThumbnailKey& key, const QImage& image);
  /// Cancels the request of a thumbnail; it is requested again when it is displayed again.
  void forgetWish(const ThumbnailKey& key) { wanted_.remove(key); }
  /// The index of the open scene or of one of its frames; invalid if there is none.
  [[nodiscard]] QModelIndex openScene() const;
  [[nodiscard]] QModelIndex frame(int frame_index) const;
  /// The first scene of the first group of the data set; invalid without one.
  [[nodiscard]] QModelIndex firstScene() const;

  [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 Q_SIGNALS:
  void thumbnailWanted(const tagscape::ThumbnailKey& key) const;

 private:
  struct Group {
    QString name;
    std::vector<std::size_t> scenes;  ///< In scenes_.
  };

  void sceneChanged();
  void regroup();
  [[nodiscard]] const DataSetScene* sceneAt(const QModelIndex& index) const;
  [[nodiscard]] bool isOpen(const QModelIndex& scene) const;
  [[nodiscard]] QVariant sceneData(const DataSetScene& scene, bool is_open, int role) const;
  [[nodiscard]] QVariant frameData(int frame_index, int role) const;
  [[nodiscard]] QVariant thumbnail(const ThumbnailKey& key) const;

  const Document& document_;
  SharedScene scene_;  // Kept here, so that rows change only together with a reset.
  QString open_path_;
  DataSet data_set_;
  std::vector<DataSetScene> opened_;  // By themselves, the latest first.
  std::vector<DataSetScene> scenes_;  // Of the data set, then those opened.
  std::vector<Group> groups_;
  mutable QCache<ThumbnailKey, QImage> thumbnails_;
  mutable QSet<ThumbnailKey> wanted_;
};

}  // namespace tagscape
