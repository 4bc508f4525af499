#include "ui/window/main_window.h"

#include "core/base/files.h"
#include "ui/dialogs/error_dialog.h"
#include "ui/dialogs/file_dialogs.h"
#include "ui/dialogs/preferences_dialog.h"
#include "ui/dialogs/show_once.h"
#include "ui/dialogs/weights_dialog.h"
#include "ui/image_view/image_canvas.h"
#include "ui/image_view/image_panel.h"
#include "ui/image_view/timeline_panel.h"
#include "ui/panels/busy_bar.h"
#include "ui/panels/class_panel.h"
#include "ui/panels/inference_panel.h"
#include "ui/panels/label_panel.h"
#include "ui/panels/layer_panel.h"
#include "ui/panels/no_view_page.h"
#include "ui/panels/scene_panel.h"
#include "ui/panels/start_page.h"
#include "ui/panels/training_panel.h"
#include "ui/panels/warning_panel.h"
#include "ui/services/icons.h"
#include "ui/view3d/scene_view.h"
#include "ui/window/link_controller.h"
#include "ui/window/selection_highlighter.h"
#include "ui/window/view_tools.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>

namespace tagscape {
namespace {

/// Arrow keys select frames in the whole window, unless the focused control uses them.
class ArrowKeyGuard : public QObject {
 public:
  using QObject::QObject;

  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() != QEvent::ShortcutOverride) return false;
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Left && key != Qt::Key_Right && key != Qt::Key_Home && key != Qt::Key_End) return false;
    event->accept();
    return true;
  }
};

}  // namespace

MainWindow::MainWindow(bool keeps_settings, const Status& drawable, QWidget* parent)
    : QMainWindow(parent),
      opener_(document_),
      frames_(document_),
      runs_(document_),
      exporter_(document_),
      inference_(document_),
      labels_(document_),
      keeps_settings_(keeps_settings),
      recent_(keeps_settings),
      layout_(*this),
      shortcuts_(*this, keeps_settings) {
  setObjectName("mainWindow");
  setWindowTitle(tr("Tagscape"));
  setAcceptDrops(true);
  resize(1280, 800);
  setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
  makeCentre(drawable);
  makePanels();
  makeStatusBar();
  makeFileMenu();
  makeViewMenu();
  makeLayoutMenu();
  makeTrainingMenu();
  makeLinkActions();
  makeLabelMenu();
  makeFrameKeys();
  makeHelpMenu();
  connectEverything();
  connectLabels();
  // Before the docks are laid out: at Qt's small default size the panels would start out squeezed.
  resize(QSize(1400, 900).boundedTo(screen()->availableSize() * 0.95));
  layout_.reset();
  if (keeps_settings_) {
    layout_.restore();
    applyPreferences(document_);
  }
  shortcuts_.adopt();
  start_page_->setFocus();
}

MainWindow::~MainWindow() {
  // Members emit signals while being destroyed, when the actions no longer exist.
  for (QObject* teller : std::initializer_list<QObject*>{&document_, &runs_.monitor(), &inference_, &labels_}) {
    teller->disconnect(this);
  }
}

void MainWindow::makeCentre(const Status& drawable) {
  start_page_ = new StartPage(this);
  no_view_page_ = new NoViewPage(this);
  centre_ = new QStackedWidget(this);
  centre_->addWidget(start_page_);
  centre_->addWidget(no_view_page_);
  setCentralWidget(centre_);
  if (drawable) {
    scene_view_ = new SceneView(document_, this);
    centre_->addWidget(scene_view_);
    return;
  }
  // As a child of the window, even if never shown, it would make Qt compose the whole window with OpenGL.
  hidden_view_ = std::make_unique<SceneView>(document_);
  scene_view_ = hidden_view_.get();
  no_view_page_->setReason(QString::fromStdString(drawable.error().message));
}

void MainWindow::showScenePage() {
  const bool has_view = centre_->indexOf(scene_view_) >= 0;
  centre_->setCurrentWidget(has_view ? static_cast<QWidget*>(scene_view_) : no_view_page_);
}

void MainWindow::giveUpView(const QString& reason) {
  no_view_page_->setReason(reason);
  const bool was_shown = centre_->currentWidget() == scene_view_;
  centre_->removeWidget(scene_view_);
  scene_view_->hide();
  if (was_shown) showScenePage();
  checkConditions();
  showProblem(tr("The 3D view cannot draw"), reason);
}

void MainWindow::makePanels() {
  image_panel_ = new ImagePanel(document_, this);
  scene_panel_ = new ScenePanel(document_, this);
  WindowLayout::Docks docks;
  docks.scenes = layout_.addDock("scenesDock", tr("Scenes"), scene_panel_, Qt::LeftDockWidgetArea);
  auto* class_panel = new ClassPanel(document_, inference_, this);
  connect(class_panel, &ClassPanel::openRunAsked, this, &MainWindow::askForRun);
  docks.classes = layout_.addDock("classesDock", tr("Classes"), class_panel, Qt::LeftDockWidgetArea);
  label_panel_ = new LabelPanel(document_, labels_, this);
  docks.labels = layout_.addDock("labelsDock", tr("Labels"), label_panel_, Qt::LeftDockWidgetArea);
  docks.image = layout_.addDock("imageDock", tr("Image"), image_panel_, Qt::RightDockWidgetArea);
  auto* training_panel = new TrainingPanel(document_, runs_, this);
  connect(training_panel, &TrainingPanel::weightsAsked, this, [this] { showOnce<WeightsDialog>(*this); });
  docks.training = layout_.addDock("trainingDock", tr("Training"), training_panel, Qt::RightDockWidgetArea);
  auto* inference_panel = new InferencePanel(document_, inference_, this);
  connect(inference_panel, &InferencePanel::openRunAsked, this, &MainWindow::askForRun);
  docks.inference = layout_.addDock("inferenceDock", tr("Prediction"), inference_panel, Qt::RightDockWidgetArea);
  docks.view = layout_.addDock(
      "viewDock", tr("3D view"), new LayerPanel(document_, *scene_view_, this), Qt::RightDockWidgetArea);
  docks.timeline =
      layout_.addDock("timelineDock", tr("Timeline"), new TimelinePanel(document_, this), Qt::BottomDockWidgetArea);
  docks.warnings =
      layout_.addDock("warningsDock", tr("Warnings"), new WarningPanel(document_, this), Qt::LeftDockWidgetArea);
  layout_.setDocks(docks);
  links_ = new LinkController(document_, frames_, scene_view_->markers(), *image_panel_, this);
  selection_ = new SelectionHighlighter(document_, frames_, scene_view_->markers(), image_panel_->canvas(), this);
  tools_ = new ViewTools(document_, frames_, *scene_view_, image_panel_->canvas(), this);
  auto* guard = new ArrowKeyGuard(this);
  const QList<QWidget*> controls = image_panel_->arrowKeyControls() << scene_panel_->tree();
  for (QWidget* control : controls) control->installEventFilter(guard);
}

void MainWindow::makeStatusBar() {
  warnings_button_ = new QToolButton(this);
  warnings_button_->setObjectName("warningsButton");
  warnings_button_->setIcon(lineIcon(IconShape::Warning));
  warnings_button_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  warnings_button_->setAutoRaise(true);
  warnings_button_->hide();
  statusBar()->setObjectName("statusBar");
  auto* selected = new QLabel(this);
  selected->setObjectName("selectionState");
  selected->setAccessibleName(tr("Selected points"));
  selected->setToolTip(tr("Ctrl+drag selects visible points, Ctrl+Shift+drag adds to them, Esc clears the selection"));
  selected->hide();
  statusBar()->addPermanentWidget(selected);
  connect(selection_, &SelectionHighlighter::described, selected, [selected](const QString& text) {
    selected->setText(text);
    selected->setVisible(!text.isEmpty());
  });
  statusBar()->addPermanentWidget(new BusyBar(opener_.runner(), tr("Opening"), this));
  statusBar()->addPermanentWidget(new BusyBar(exporter_.runner(), tr("Exporting"), this));
  statusBar()->addPermanentWidget(warnings_button_);
  connect(warnings_button_, &QToolButton::clicked, this, [this] {
    QDockWidget* dock = layout_.docks().warnings;
    dock->setVisible(!dock->isVisible());
    dock->raise();
  });
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!mayClose()) return event->ignore();
  if (keeps_settings_) layout_.save();
  QMainWindow::closeEvent(event);
}

void MainWindow::open(const std::filesystem::path& path, const std::optional<std::filesystem::path>& run) {
  if (path.extension() == ".tagscape") return labels_.openProject(path);
  wanted_run_ = run;
  opens_first_scene_ = false;
  showScenePage();
  opener_.open(path);
}

void MainWindow::showWarningCount() {
  const int num_warnings = static_cast<int>(document_.warnings().size());
  warnings_button_->setVisible(num_warnings > 0);
  warnings_button_->setText(num_warnings == 1 ? tr("1 warning") : tr("%1 warnings").arg(num_warnings));
  warnings_button_->setAccessibleName(warnings_button_->text());
}

void MainWindow::sceneOpened(const std::filesystem::path& path) {
  const Scene& scene = *document_.scene();
  showScenePage();
  setWindowTitle(tr("%1 — Tagscape").arg(QString::fromStdString(scene.name)));
  setWindowFilePath(QString::fromStdString(path.string()));
  showWarningCount();
  layout_.docks().warnings->hide();
  statusBar()->showMessage(
      tr("%1: %2 points, %3 frames")
          .arg(QString::fromStdString(scene.name), QLocale().toString(static_cast<qulonglong>(scene.points().size())))
          .arg(scene.frames.size()),
      8000);
  recent_.remember(QString::fromStdString(path.string()));
  runs_.watchFor(std::exchange(wanted_run_, std::nullopt));
}

void MainWindow::askForScene() {
  const QString folder = askForFolder(this, tr("Open a scene's folder"), recent_.lastFolder());
  if (!folder.isEmpty()) open(folder.toStdString());
}

void MainWindow::openRun(const std::filesystem::path& run) {
  if (document_.scene()) return runs_.watchFor(run);
  const auto status = RunDirectory::open(run).and_then([](const RunDirectory& opened) { return opened.readStatus(); });
  const QString title = tr("The training run cannot be opened");
  if (!status) return showProblem(title, QString::fromStdString(status.error().message));
  if (!status->scene_path.empty()) return open(status->scene_path, run);
  showProblem(title, tr("The run does not record its scene. Open the scene first, then the run."));
}

QString MainWindow::startOfRuns() const {
  const QString runs = QString::fromStdString(runsFolder().string());
  return QFileInfo::exists(runs) ? runs : recent_.lastFolder();
}

void MainWindow::askForRun() {
  const QString folder = askForFolder(this, tr("Run used for prediction"), startOfRuns());
  if (folder.isEmpty()) return;
  layout_.docks().inference->show();
  layout_.docks().inference->raise();
  inference_.openRun(folder.toStdString());
}

void MainWindow::askForFile() {
  const QString last = recent_.lastFolder();
  const QString file = QFileDialog::getOpenFileName(
      this,
      tr("Open a recording, a mesh or a point cloud"),
      last,
      tr("Scans (*.sens *.ply *.pcd *.obj *.stl *.glb *.gltf *.off *.xyz *.xyzn *.xyzrgb *.pts);;All files (*)"));
  if (!file.isEmpty()) open(file.toStdString());
}

void MainWindow::dataSetFound(const DataSet& data_set) {
  scene_panel_->setDataSet(data_set);
  set_run_ = std::exchange(wanted_run_, std::nullopt);
  if (!document_.scene()) centre_->setCurrentWidget(start_page_);
  layout_.docks().scenes->show();
  layout_.docks().scenes->raise();
  statusBar()->showMessage(tr("Scenes in %1: %2. Double-click one to open it")
                               .arg(QString::fromStdString(data_set.path.string()))
                               .arg(data_set.scenes.size()));
  recent_.remember(QString::fromStdString(data_set.path.string()));
  if (std::exchange(opens_first_scene_, false) && !data_set.scenes.empty())
    open(data_set.scenes.front().path, set_run_);
}

void MainWindow::makeSample() {
  // The start page shows the progress; an open scene stays open until the first sample exists.
  sample_maker_.make(userDataFolder() / "samples" / "rooms");
}

void MainWindow::sampleMade(const std::filesystem::path& folder) {
  start_page_->setSampleIdle();
  if (opener_.runner().isBusy()) return statusBar()->showMessage(tr("The sample scenes are ready"), 5000);
  open(folder);
  opens_first_scene_ = true;
}

void MainWindow::showProblem(const QString& title, const QString& message) {
  if (!document_.scene()) centre_->setCurrentWidget(start_page_);
  if (shows_errors_) showError(this, title, message);
  Q_EMIT problemMet(title, message);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  const auto urls = event->mimeData()->urls();
  if (urls.size() == 1 && urls.front().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const auto urls = event->mimeData()->urls();
  if (urls.size() == 1 && urls.front().isLocalFile()) open(urls.front().toLocalFile().toStdString());
}

}  // namespace tagscape
