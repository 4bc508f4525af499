#include "ui/panels/label_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QSpinBox>
#include <QTreeView>
#include <QVBoxLayout>

namespace tagscape {
namespace {

constexpr int kMaxBrush_px = 300;
constexpr double kPercent = 100;

QPushButton* button(const char* object_name, const QString& text, QWidget* parent) {
  auto* made = new QPushButton(text, parent);
  made->setObjectName(object_name);
  return made;
}

QHBoxLayout* row(std::initializer_list<QWidget*> widgets) {
  auto* layout = new QHBoxLayout;
  layout->setContentsMargins(0, 0, 0, 0);
  for (QWidget* widget : widgets) layout->addWidget(widget);
  return layout;
}

template <class Widget>
Widget* named(Widget* widget, const char* object_name, const QString& accessible_name) {
  widget->setObjectName(object_name);
  widget->setAccessibleName(accessible_name);
  return widget;
}

}  // namespace

LabelPanel::LabelPanel(Document& document, LabelEditor& editor, QWidget* parent)
    : QWidget(parent),
      document_(document),
      editor_(editor),
      class_model_(new LabelClassModel(editor, this)),
      edit_model_(new EditListModel(editor, this)),
      filtered_(new QSortFilterProxyModel(this)),
      project_(named(new QLabel(this), "labelProject", tr("Project"))),
      filter_(named(new QLineEdit(this), "labelClassFilter", tr("Type a class, Enter chooses it"))),
      classes_(named(new QTreeView(this), "labelClassTable", tr("Classes of the project"))),
      depth_(named(new QComboBox(this), "labelDepth", tr("Which points tools take"))),
      only_unlabelled_(named(new QCheckBox(tr("Only unlabelled"), this), "onlyUnlabelled", tr("Only unlabelled"))),
      brush_px_(named(new QSpinBox(this), "brushPixels", tr("Radius of the brush on screen"))),
      brush_m_(named(new QDoubleSpinBox(this), "brushMetres", tr("Radius of the brush in the world"))),
      instance_(named(new QLabel(this), "labelInstance", tr("Object"))),
      tagged_(named(new QLabel(this), "taggedFrames", tr("Tagged frames"))),
      first_frame_(named(new QSpinBox(this), "tagFirstFrame", tr("First frame of the range"))),
      last_frame_(named(new QSpinBox(this), "tagLastFrame", tr("Last frame of the range"))),
      done_(named(new QCheckBox(tr("Done"), this), "sceneDone", tr("The scene is done"))),
      checked_(named(new QCheckBox(tr("Checked"), this), "sceneChecked", tr("The scene was checked by somebody else"))),
      progress_(named(new QLabel(this), "labelProgress", tr("Progress"))),
      history_(named(new QListView(this), "editList", tr("History"))) {
  setObjectName("labelPanel");
  controls_ = new QWidget(this);
  auto* inner = new QVBoxLayout(controls_);
  inner->setContentsMargins(0, 0, 0, 0);
  inner->addWidget(makeClasses(), 3);
  inner->addWidget(makeOptions());
  inner->addWidget(makeTags());
  inner->addLayout(row({done_, checked_}));
  inner->addWidget(progress_);
  inner->addWidget(makeHistory(), 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(6, 6, 6, 6);
  layout->addWidget(makeProjectRow());
  layout->addWidget(controls_, 1);
  connect(&editor, &LabelEditor::projectChanged, this, &LabelPanel::showProject);
  connect(&editor, &LabelEditor::settingsChanged, this, &LabelPanel::showSettings);
  connect(&editor, &LabelEditor::labelsChanged, this, &LabelPanel::showProgress);
  connect(&editor, &LabelEditor::historyChanged, this, &LabelPanel::showProgress);
  connect(&editor, &LabelEditor::tagsChanged, this, &LabelPanel::showTags);
  connect(&document, &Document::sceneChanged, this, &LabelPanel::showTags);
  connect(&document, &Document::frameChanged, this, &LabelPanel::showTags);
  showProject();
  showSettings();
}

QWidget* LabelPanel::makeProjectRow() {
  auto* made = new QWidget(this);
  QPushButton* begin = button("newProject", tr("New…"), made);
  QPushButton* open = button("openProject", tr("Open…"), made);
  project_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  connect(begin, &QPushButton::clicked, this, &LabelPanel::newProjectAsked);
  connect(open, &QPushButton::clicked, this, &LabelPanel::openProjectAsked);
  made->setLayout(row({project_, begin, open}));
  return made;
}

QWidget* LabelPanel::makeClasses() {
  filtered_->setSourceModel(class_model_);
  filtered_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  filter_->setPlaceholderText(tr("Type a class, Enter chooses it"));
  filter_->setClearButtonEnabled(true);
  classes_->setModel(filtered_);
  classes_->setRootIsDecorated(false);
  classes_->setUniformRowHeights(true);
  classes_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  classes_->header()->setStretchLastSection(false);
  classes_->header()->setSectionResizeMode(LabelClassModel::Name, QHeaderView::Stretch);
  connect(filter_, &QLineEdit::textChanged, filtered_, &QSortFilterProxyModel::setFilterFixedString);
  connect(filter_, &QLineEdit::returnPressed, this, [this] {
    if (filtered_->rowCount() == 0) return;
    editor_.chooseClass(static_cast<std::uint8_t>(filtered_->mapToSource(filtered_->index(0, 0)).row()));
    filter_->clear();
  });
  connect(classes_, &QTreeView::clicked, this, [this](const QModelIndex& index) {
    if (index.column() != LabelClassModel::Protected)
      editor_.chooseClass(static_cast<std::uint8_t>(filtered_->mapToSource(index).row()));
  });
  auto* made = new QWidget(this);
  auto* layout = new QVBoxLayout(made);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(filter_);
  layout->addWidget(classes_, 1);
  return made;
}

QWidget* LabelPanel::makeOptions() {
  depth_->addItem(tr("Visible points only"));
  depth_->addItem(tr("Through: also what is hidden"));
  brush_px_->setRange(2, kMaxBrush_px);
  brush_px_->setSuffix(tr(" px"));
  brush_m_->setRange(0, 2);
  brush_m_->setSingleStep(0.05);
  brush_m_->setSuffix(tr(" m"));
  brush_m_->setSpecialValueText(tr("on screen"));
  QPushButton* new_object = button("newObject", tr("New object"), this);
  connect(new_object, &QPushButton::clicked, &editor_, &LabelEditor::newInstance);
  connect(depth_, &QComboBox::currentIndexChanged, this, [this](int index) {
    change([index](LabelSettings& settings) { settings.is_through = index == 1; });
  });
  connect(only_unlabelled_, &QCheckBox::toggled, this, [this](bool is_on) {
    change([is_on](LabelSettings& settings) { settings.only_unlabelled = is_on; });
  });
  connect(brush_px_, &QSpinBox::valueChanged, this, [this](int value) {
    change([value](LabelSettings& settings) { settings.brush_px = value; });
  });
  connect(brush_m_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    change([value](LabelSettings& settings) { settings.brush_m = static_cast<float>(value); });
  });
  auto* made = new QWidget(this);
  auto* layout = new QVBoxLayout(made);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addLayout(row({depth_, only_unlabelled_}));
  layout->addLayout(row({new QLabel(tr("Brush"), this), brush_px_, brush_m_}));
  layout->addLayout(row({instance_, new_object}));
  return made;
}

QWidget* LabelPanel::makeTags() {
  QPushButton* copy = button("copyTags", tr("Copy tags from the frame before"), this);
  QPushButton* next = button("nextUntagged", tr("Next untagged frame"), this);
  QPushButton* apply = button("applyTags", tr("Give these tags to frames"), this);
  connect(copy, &QPushButton::clicked, &editor_, &LabelEditor::copyTagsFromFrameBefore);
  connect(next, &QPushButton::clicked, this, [this] {
    if (const auto frame = editor_.nextUntaggedFrame()) document_.setFrameIndex(*frame);
  });
  connect(apply, &QPushButton::clicked, this, [this] {
    editor_.applyTagsToFrames(first_frame_->value() - 1, last_frame_->value() - 1);
  });
  auto* made = new QWidget(this);
  auto* layout = new QVBoxLayout(made);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addLayout(row({tagged_, next}));
  layout->addWidget(copy);
  layout->addLayout(row({apply, first_frame_, last_frame_}));
  return made;
}

QWidget* LabelPanel::makeHistory() {
  history_->setModel(edit_model_);
  history_->setToolTip(tr("Double-click an edit to go back or forward to it"));
  connect(history_, &QListView::doubleClicked, this, [this](const QModelIndex& index) {
    editor_.goTo(index.data(EditListModel::kEditRole).toLongLong());
  });
  connect(done_, &QCheckBox::clicked, &editor_, &LabelEditor::setDone);
  connect(checked_, &QCheckBox::clicked, &editor_, &LabelEditor::setChecked);
  progress_->setWordWrap(true);
  return history_;
}

void LabelPanel::focusFilter() {
  filter_->setFocus();
  filter_->selectAll();
}

void LabelPanel::change(const std::function<void(LabelSettings&)>& change) {
  LabelSettings settings = editor_.settings();
  change(settings);
  editor_.setSettings(settings);
}

void LabelPanel::showProject() {
  const Project* project = editor_.project();
  controls_->setEnabled(project != nullptr);
  project_->setText(!project ? tr("No project")
                             : QString::fromStdString(project->path().filename().string()) +
                                   (editor_.isReadOnly() ? tr(" (read-only)") : QString()));
  project_->setToolTip(project ? QString::fromStdString(project->path().string()) : QString());
  const auto& scene = editor_.scene();
  done_->setChecked(scene && scene->done.isSet());
  checked_->setChecked(scene && scene->checked.isSet());
  done_->setToolTip(scene && scene->done.isSet() ? tr("by %1").arg(QString::fromStdString(scene->done.by)) : QString());
  checked_->setToolTip(scene && scene->checked.isSet() ? tr("by %1").arg(QString::fromStdString(scene->checked.by))
                                                       : QString());
  showProgress();
  showTags();
}

void LabelPanel::showSettings() {
  const LabelSettings& settings = editor_.settings();
  const QSignalBlocker depth(depth_), only(only_unlabelled_), px(brush_px_), metres(brush_m_);
  depth_->setCurrentIndex(settings.is_through ? 1 : 0);
  only_unlabelled_->setChecked(settings.only_unlabelled);
  brush_px_->setValue(settings.brush_px);
  brush_px_->setEnabled(settings.brush_m <= 0);
  brush_m_->setValue(static_cast<double>(settings.brush_m));
  instance_->setText(settings.instance == 0 ? tr("No object numbers") : tr("Object %1").arg(settings.instance));
  const QModelIndex index = filtered_->mapFromSource(class_model_->index(settings.label, 0));
  if (index.isValid()) classes_->setCurrentIndex(index);
}

void LabelPanel::showProgress() {
  const LabelLayer* layer = editor_.layer();
  if (!layer || layer->size() == 0) return progress_->setText(editor_.isOpen() ? tr("No labels are shown") : QString());
  constexpr double kMinute_s = 60;
  const ProjectEffort effort = editor_.project()->effort();
  progress_->setText(
      tr("%1 % of the points are labelled. %2 actions in %3 minutes")
          .arg(kPercent * static_cast<double>(layer->numLabelled()) / static_cast<double>(layer->size()), 0, 'f', 1)
          .arg(effort.num_actions)
          .arg(effort.seconds / kMinute_s, 0, 'f', 1));
}

void LabelPanel::showTags() {
  const int num_frames = document_.numFrames();
  tagged_->setText(tr("%1 of %2 frames tagged").arg(editor_.numTaggedFrames()).arg(num_frames));
  for (QSpinBox* frame : {first_frame_, last_frame_}) {
    frame->setRange(1, std::max(1, num_frames));
    frame->setToolTip(tr("Counted from 1"));
  }
}

}  // namespace tagscape
