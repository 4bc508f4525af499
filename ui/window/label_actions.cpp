#include "ui/window/label_actions.h"

#include "ui/view3d/scene_view.h"

#include <QAction>
#include <QActionGroup>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenu>
#include <QSettings>

#include <utility>

namespace tagscape {
namespace {

constexpr const char* kFolderKey = "labels/folder";

QString suffixed(QString file) {
  const QString ending = QStringLiteral(".tagscape");
  return file.isEmpty() || file.endsWith(ending) ? file : file + ending;
}

}  // namespace

LabelActions::LabelActions(
    Document& document, LabelEditor& editor, ToolManager& tools, SceneView& view, QWidget& window)
    : QObject(&window), document_(document), editor_(editor), tools_(tools), view_(view), window_(window) {
  connect(&tools, &ToolManager::activeChanged, this, &LabelActions::showTools);
  for (const auto signal : {&LabelEditor::projectChanged, &LabelEditor::historyChanged, &LabelEditor::labelsChanged})
    connect(&editor, signal, this, &LabelActions::check);
  connect(&document, &Document::camsChanged, this, &LabelActions::check);
  connect(&document, &Document::sceneChanged, this, &LabelActions::check);
}

QAction* LabelActions::add(
    QMenu& menu, const QString& text, const char* object_name, const QString& keys, std::function<void()> act) {
  QAction* action = menu.addAction(text);
  action->setObjectName(object_name);
  if (!keys.isEmpty()) action->setShortcut(QKeySequence(keys));
  connect(action, &QAction::triggered, this, std::move(act));
  return action;
}

void LabelActions::fill(QMenu& menu) {
  addProject(menu);
  menu.addSeparator();
  addTools(menu);
  menu.addSeparator();
  addEdits(menu);
  menu.addSeparator();
  addMachine(menu);
  check();
}

void LabelActions::addProject(QMenu& menu) {
  add(menu, tr("&New project…"), "newProjectAction", "Ctrl+N", [this] { askForNewProject(); });
  add(menu, tr("&Open project…"), "openProjectAction", {}, [this] { askForProject(); });
  QAction* copy = add(menu, tr("&Save a copy as…"), "saveProjectCopyAction", {}, [this] { askForCopy(); });
  QAction* close = add(menu, tr("&Close project"), "closeProjectAction", {}, [this] { editor_.closeProject(); });
  QAction* tags = add(menu, tr("&Write tags.json into the scan"), "writeTagsAction", {}, [this] {
    const Status written = editor_.writeTagsFile();
    if (!written)
      Q_EMIT editor_.failed(tr("The tags could not be written"), QString::fromStdString(written.error().message));
  });
  const auto is_open = [this] { return editor_.isOpen(); };
  for (QAction* action : {copy, close}) conditions_.emplace_back(action, is_open);
  conditions_.emplace_back(tags, [this] { return document_.scene() != nullptr; });
}

void LabelActions::addTools(QMenu& menu) {
  struct Row {
    LabelToolKind kind;
    QString text;
    const char* object_name;
    const char* key;
  };
  const std::array<Row, kNumLabelTools> rows{{
      {LabelToolKind::Brush, tr("&Brush"), "brushAction", "B"},
      {LabelToolKind::Eraser, tr("&Eraser"), "eraserAction", "E"},
      {LabelToolKind::Rectangle, tr("&Rectangle"), "rectangleAction", "Shift+R"},
      {LabelToolKind::Lasso, tr("&Lasso"), "lassoAction", "L"},
      {LabelToolKind::Polygon, tr("&Polygon"), "polygonAction", "Shift+G"},
      {LabelToolKind::Superpoint, tr("S&uperpoint"), "superpointAction", "U"},
      {LabelToolKind::Fill, tr("&Fill"), "fillAction", "F"},
  }};
  for (const Row& row : rows) {
    QAction* action = add(menu, row.text, row.object_name, row.key, [this, kind = row.kind] { chooseTool(kind); });
    action->setCheckable(true);
    tool_actions_[static_cast<std::size_t>(row.kind)] = action;
    conditions_.emplace_back(action, [this] { return editor_.isOpen(); });
  }
}

void LabelActions::addEdits(QMenu& menu) {
  const auto can_edit = [this] { return editor_.canEdit(); };
  QAction* undo = add(menu, tr("&Undo"), "undoAction", "Ctrl+Z", [this] { editor_.undo(); });
  QAction* redo = add(menu, tr("&Redo"), "redoAction", "Ctrl+Shift+Z", [this] { editor_.redo(); });
  conditions_.emplace_back(undo, [this] { return editor_.canUndo(); });
  conditions_.emplace_back(redo, [this] { return editor_.canRedo(); });
  const std::initializer_list<QAction*> edits{
      add(menu, tr("&Pick the class under the cursor"), "pickClassAction", "I", [this] { pickClass(); }),
      add(menu, tr("&Type a class"), "typeClassAction", "Shift+T", [this] { Q_EMIT typeClassAsked(); }),
      add(menu, tr("New &object"), "newObjectAction", "Shift+N", [this] { editor_.newInstance(); }),
      add(menu,
          tr("Number the objects of the class"),
          "numberObjectsAction",
          {},
          [this] { editor_.numberInstances(); }),
      add(menu, tr("&Grow the class"), "growAction", "Ctrl+Up", [this] { editor_.growClass(); }),
      add(menu, tr("S&hrink the class"), "shrinkAction", "Ctrl+Down", [this] { editor_.shrinkClass(); }),
      add(menu, tr("Replace a class by the chosen one…"), "replaceClassAction", {}, [this] { askForReplacement(); }),
      add(menu, tr("Visible only / &through"), "throughAction", "Shift+B", [this] {
        LabelSettings settings = editor_.settings();
        settings.is_through = !settings.is_through;
        editor_.setSettings(settings);
        view_.update();
      })};
  for (QAction* action : edits) conditions_.emplace_back(action, can_edit);
}

void LabelActions::addMachine(QMenu& menu) {
  QAction* take =
      add(menu, tr("Take the prediction as labels"), "takePredictionAction", {}, [this] { takePrediction(false); });
  QAction* fill_in = add(
      menu, tr("Take the prediction where there are none"), "takeMissingAction", {}, [this] { takePrediction(true); });
  QAction* of_class = add(menu, tr("Take the prediction of the chosen class"), "takeClassAction", {}, [this] {
    ProposalOptions options;
    options.only_class = editor_.settings().label;
    editor_.takePrediction(options);
  });
  for (QAction* action : {take, fill_in, of_class})
    conditions_.emplace_back(action, [this] { return editor_.canEdit() && document_.cams(); });
  QAction* next = add(menu, tr("Next u&nlabelled place"), "nextUnlabelledAction", "N", [this] { goToUnlabelled(); });
  conditions_.emplace_back(next, [this] { return editor_.layer() != nullptr; });
}

void LabelActions::check() {
  for (const auto& [action, is_possible] : conditions_) action->setEnabled(is_possible());
}

void LabelActions::chooseTool(LabelToolKind kind) {
  // The same key once more gives the pointer back.
  if (active_kind_ == static_cast<int>(kind) && tools_.active()) {
    tools_.setActive(nullptr);
    return;
  }
  active_kind_ = static_cast<int>(kind);
  tools_.setActive(makeLabelTool(kind, editor_));
  if (document_.layer() == PointLayer::Rgb) document_.setLayer(PointLayer::Labels);
  if (document_.overlay() == FrameOverlay::None) document_.setOverlay(FrameOverlay::Labels);
}

void LabelActions::showTools() {
  if (!tools_.active()) active_kind_ = -1;
  for (std::size_t i = 0; i < tool_actions_.size(); ++i) {
    if (tool_actions_[i]) tool_actions_[i]->setChecked(static_cast<int>(i) == active_kind_);
  }
}

void LabelActions::pickClass() {
  const auto& hovered = document_.link().hovered();
  if (!hovered || !hovered->row || !editor_.layer()) return;
  const LabelValue value = editor_.layer()->at(*hovered->row);
  if (value.label == kNoClass) return;
  editor_.chooseClass(value.label);
  LabelSettings settings = editor_.settings();
  settings.instance = value.instance;
  editor_.setSettings(settings);
}

void LabelActions::goToUnlabelled() {
  const auto point = editor_.nextUnlabelled();
  if (!point) return;
  const Eigen::Vector3f place = document_.scene()->points().positions_m[*point];
  document_.link().setSelected(LinkedPoint{LinkedPoint::Source::Scene, place, *point});
  OrbitCamera camera = view_.camera();
  camera.lookAt(place);
  view_.flyTo(camera);
}

void LabelActions::takePrediction(bool only_unlabelled) {
  ProposalOptions options;
  options.only_unlabelled = only_unlabelled;
  editor_.takePrediction(options);
}

void LabelActions::askForNewProject() {
  auto* dialog = new QInputDialog(&window_);
  dialog->setObjectName("classSetDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("New project"));
  dialog->setLabelText(tr("Class set: choose one, or type the path of a TOML file of your own"));
  QStringList names;
  for (const std::string& name : builtInClassSets()) names += QString::fromStdString(name);
  dialog->setComboBoxItems(names);
  dialog->setComboBoxEditable(true);
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
    const auto classes = readClassSet(name.trimmed().toStdString());
    if (!classes)
      return Q_EMIT editor_.failed(tr("The class set cannot be used"), QString::fromStdString(classes.error().message));
    const QString file = suffixed(QFileDialog::getSaveFileName(
        &window_, tr("New project"), QSettings().value(kFolderKey).toString(), tr("Projects (*.tagscape)")));
    if (file.isEmpty()) return;
    QSettings().setValue(kFolderKey, QFileInfo(file).absolutePath());
    editor_.createProject(file.toStdString(), *classes);
  });
  dialog->open();
}

void LabelActions::askForProject() {
  const QString file = QFileDialog::getOpenFileName(&window_,
                                                    tr("Open project"),
                                                    QSettings().value(kFolderKey).toString(),
                                                    tr("Projects (*.tagscape);;All files (*)"));
  if (file.isEmpty()) return;
  QSettings().setValue(kFolderKey, QFileInfo(file).absolutePath());
  editor_.openProject(file.toStdString());
}

void LabelActions::askForCopy() {
  const QString file = suffixed(QFileDialog::getSaveFileName(
      &window_, tr("Save a copy"), QSettings().value(kFolderKey).toString(), tr("Projects (*.tagscape)")));
  if (file.isEmpty()) return;
  const Status saved = editor_.saveCopy(file.toStdString());
  if (!saved) Q_EMIT editor_.failed(tr("The copy could not be saved"), QString::fromStdString(saved.error().message));
}

void LabelActions::askForReplacement() {
  auto* dialog = new QInputDialog(&window_);
  dialog->setObjectName("replaceClassDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Replace a class"));
  dialog->setLabelText(tr("Which class becomes %1?").arg(document_.labels().nameOf(editor_.settings().label)));
  QStringList names;
  for (const LabelClass& label_class : editor_.project()->classes().classes)
    names += QString::fromStdString(label_class.name);
  dialog->setComboBoxItems(names);
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
    if (const auto from = editor_.project()->classes().find(name.toStdString())) editor_.replaceClass(*from);
  });
  dialog->open();
}

}  // namespace tagscape
