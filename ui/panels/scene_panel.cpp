#include "ui/panels/scene_panel.h"

#include <QLabel>
#include <QLineEdit>
#include <QTreeView>
#include <QVBoxLayout>

namespace tagscape {

ScenePanel::ScenePanel(Document& document, QWidget* parent)
    : QWidget(parent),
      document_(document),
      model_(document),
      thumbnails_(model_, document),
      filter_(new QLineEdit(this)),
      tree_(new QTreeView(this)),
      note_(new QLabel(this)) {
  setObjectName("scenePanel");
  filter_->setObjectName("sceneFilter");
  filter_->setAccessibleName(tr("Filter scenes and frames"));
  filter_->setPlaceholderText(tr("Filter by name or tag"));
  filter_->setClearButtonEnabled(true);
  note_->setObjectName("sceneNote");
  note_->setAccessibleName(tr("Problems of the data set"));
  note_->setWordWrap(true);
  note_->setContentsMargins(6, 2, 6, 4);
  note_->hide();
  makeTree();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  layout->addWidget(filter_);
  layout->addWidget(tree_, 1);
  layout->addWidget(note_);
  connect(filter_, &QLineEdit::textChanged, this, &ScenePanel::filter);
  connect(tree_, &QTreeView::activated, this, &ScenePanel::activate);
  connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this, &ScenePanel::choose);
  connect(&model_, &QAbstractItemModel::modelReset, this, &ScenePanel::showOpenScene, Qt::QueuedConnection);
  connect(&document_, &Document::frameChanged, this, &ScenePanel::showFrame);
}

QWidget* ScenePanel::tree() const { return tree_; }

void ScenePanel::makeTree() {
  filtered_.setSourceModel(&model_);
  filtered_.setRecursiveFilteringEnabled(true);
  filtered_.setAutoAcceptChildRows(true);
  filtered_.setFilterRole(SceneTreeModel::SearchRole);
  filtered_.setFilterCaseSensitivity(Qt::CaseInsensitive);
  tree_->setObjectName("sceneTree");
  tree_->setAccessibleName(tr("Scenes and frames"));
  tree_->setModel(&filtered_);
  tree_->setHeaderHidden(true);
  tree_->setIconSize({48, 36});
  tree_->setIndentation(14);
  tree_->setFrameShape(QFrame::NoFrame);
  tree_->setExpandsOnDoubleClick(false);
}

void ScenePanel::setDataSet(const DataSet& data_set) {
  filter_->clear();
  model_.setDataSet(data_set);
  QStringList warnings;
  for (const auto& warning : data_set.warnings) warnings += QString::fromStdString(warning);
  note_->setText(warnings.join('\n'));
  note_->setVisible(!warnings.isEmpty());
}

std::filesystem::path ScenePanel::firstScene() const {
  return model_.firstScene().data(SceneTreeModel::PathRole).toString().toStdString();
}

void ScenePanel::filter(const QString& text) {
  is_filtering_ = true;  // If the row of the current frame is removed, Qt makes another row the current one.
  filtered_.setFilterFixedString(text);
  is_filtering_ = false;
  if (text.isEmpty()) return showOpenScene();
  tree_->expandAll();
  showFrame();
}

void ScenePanel::activate(const QModelIndex& at) {
  if (!at.isValid()) return;
  const QVariant frame = at.data(SceneTreeModel::FrameRole);
  if (!frame.isValid()) return tree_->setExpanded(at, !tree_->isExpanded(at));  // a group
  if (frame.toInt() >= 0) return document_.setFrameIndex(frame.toInt());
  Q_EMIT openAsked(at.data(SceneTreeModel::PathRole).toString().toStdString());
}

void ScenePanel::choose(const QModelIndex& at) {
  if (is_filtering_) return;
  const QVariant frame = at.data(SceneTreeModel::FrameRole);
  if (frame.isValid() && frame.toInt() >= 0) document_.setFrameIndex(frame.toInt());
}

void ScenePanel::showOpenScene() {
  const QModelIndex scene = filtered_.mapFromSource(model_.openScene());
  if (!scene.isValid()) {
    if (filtered_.rowCount() > 0) tree_->expand(filtered_.index(0, 0));
    return;
  }
  tree_->expand(scene.parent());
  tree_->expand(scene);
  tree_->scrollTo(scene, QAbstractItemView::PositionAtTop);
  showFrame();
}

void ScenePanel::showFrame() {
  const QModelIndex frame = filtered_.mapFromSource(model_.frame(document_.frameIndex()));
  if (!frame.isValid()) return;
  if (tree_->currentIndex() != frame) tree_->setCurrentIndex(frame);
  tree_->scrollTo(frame);
}

}  // namespace tagscape
