#pragma once

#include "ui/models/scene_tree_model.h"
#include "ui/services/thumbnail_loader.h"

#include <QSortFilterProxyModel>
#include <QWidget>

#include <filesystem>

class QLabel;
class QLineEdit;
class QTreeView;

namespace tagscape {

/// The scenes of a data set by split, with thumbnails, and the frames of the open scene. A double click or Enter opens
/// a scene; selecting a frame shows it.
class ScenePanel : public QWidget {
  Q_OBJECT

 public:
  explicit ScenePanel(Document& document, QWidget* parent = nullptr);

  void setDataSet(const DataSet& data_set);
  /// Whether all requested thumbnails have arrived.
  [[nodiscard]] bool isIdle() const { return thumbnails_.isIdle(); }
  /// Path of the first scene of the data set; empty without one.
  [[nodiscard]] std::filesystem::path firstScene() const;
  /// The tree of scenes and frames.
  [[nodiscard]] QWidget* tree() const;

 Q_SIGNALS:
  void openAsked(const std::filesystem::path& scene);

 private:
  void makeTree();
  void filter(const QString& text);
  void activate(const QModelIndex& at);
  void choose(const QModelIndex& at);
  void showOpenScene();
  void showFrame();

  Document& document_;
  SceneTreeModel model_;
  QSortFilterProxyModel filtered_;
  ThumbnailLoader thumbnails_;
  bool is_filtering_ = false;
  QLineEdit* filter_;
  QTreeView* tree_;
  QLabel* note_;
};

}  // namespace tagscape
