#include "ui/widgets/main_window.h"

#include "core/base/files.h"
#include "ui/widgets/busy_bar.h"
#include "ui/widgets/class_panel.h"
#include "ui/widgets/error_dialog.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/image_canvas.h"
#include "ui/widgets/image_panel.h"
#include "ui/widgets/scene_panel.h"
#include "ui/widgets/scene_view.h"
#include "ui/widgets/start_page.h"
#include "ui/widgets/timeline_panel.h"
#include "ui/widgets/training_panel.h"
#include "ui/widgets/warning_panel.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>

namespace tagscape {
namespace {

constexpr int kMostRecent = 8;
constexpr int kLayoutVersion = 2;

/// Arrow keys choose frames in the whole window, except where a control with the focus needs them itself.
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

MainWindow::MainWindow(bool keeps_settings, QWidget* parent)
    : QMainWindow(parent),
      opener_(document_),
      frames_(document_),
      runs_(document_),
      exporter_(document_),
      keeps_settings_(keeps_settings) {
  setObjectName("mainWindow");
  setWindowTitle(tr("Tagscape"));
  setAcceptDrops(true);
  resize(1280, 800);
  setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
  makePanels();
  makeStatusBar();
  makeFileMenu();
  makeViewMenu();
  makeTrainingMenu();
  makeFrameKeys();
  connectEverything();
  // Before the docks get their share: at Qt's own small default size the panels would start out squeezed.
  resize(QSize(1400, 900).boundedTo(screen()->availableSize() * 0.95));
  defaultLayout();
  if (keeps_settings_) restoreLayout();
}

MainWindow::~MainWindow() = default;

QDockWidget* MainWindow::addDock(const QString& object_name,
                                 const QString& title,
                                 QWidget* content,
                                 Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(title, this);
  dock->setObjectName(object_name);
  dock->setAccessibleName(title);
  dock->setWidget(content);
  addDockWidget(area, dock);
  return dock;
}

void MainWindow::makePanels() {
  scene_view_ = new SceneView(document_, this);
  start_page_ = new StartPage(this);
  image_panel_ = new ImagePanel(document_, this);
  centre_ = new QStackedWidget(this);
  centre_->addWidget(start_page_);
  centre_->addWidget(scene_view_);
  setCentralWidget(centre_);
  scene_panel_ = new ScenePanel(document_, this);
  scenes_dock_ = addDock("scenesDock", tr("Scenes"), scene_panel_, Qt::LeftDockWidgetArea);
  classes_dock_ = addDock("classesDock", tr("Classes"), new ClassPanel(document_, this), Qt::LeftDockWidgetArea);
  image_dock_ = addDock("imageDock", tr("Image"), image_panel_, Qt::RightDockWidgetArea);
  training_dock_ =
      addDock("trainingDock", tr("Training"), new TrainingPanel(document_, runs_, this), Qt::RightDockWidgetArea);
  timeline_dock_ =
      addDock("timelineDock", tr("Timeline"), new TimelinePanel(document_, this), Qt::BottomDockWidgetArea);
  warnings_dock_ = addDock("warningsDock", tr("Warnings"), new WarningPanel(document_, this), Qt::LeftDockWidgetArea);
  auto* guard = new ArrowKeyGuard(this);
  for (const char* name : {"overlayOpacity", "camThreshold", "overlayChoice", "depthChoice", "sceneTree"}) {
    findChild<QWidget*>(name)->installEventFilter(guard);
  }
}

void MainWindow::makeStatusBar() {
  warnings_button_ = new QToolButton(this);
  warnings_button_->setObjectName("warningsButton");
  warnings_button_->setIcon(lineIcon(IconShape::Warning));
  warnings_button_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  warnings_button_->setAutoRaise(true);
  warnings_button_->hide();
  statusBar()->setObjectName("statusBar");
  statusBar()->addPermanentWidget(new BusyBar(opener_.runner(), tr("Opening"), this));
  statusBar()->addPermanentWidget(new BusyBar(exporter_.runner(), tr("Exporting"), this));
  statusBar()->addPermanentWidget(warnings_button_);
  connect(warnings_button_, &QToolButton::clicked, this, [this] {
    warnings_dock_->setVisible(!warnings_dock_->isVisible());
    warnings_dock_->raise();
  });
}

void MainWindow::makeFileMenu() {
  QMenu* menu = menuBar()->addMenu(tr("&File"));
  QAction* open_action =
      menu->addAction(lineIcon(IconShape::Open), tr("&Open…"), QKeySequence::Open, this, &MainWindow::askForScene);
  open_action->setObjectName("openAction");
  menu->addAction(tr("Open a &file…"), QKeySequence("Ctrl+Shift+O"), this, &MainWindow::askForFile)
      ->setObjectName("openFileAction");
  recent_menu_ = menu->addMenu(tr("Open &recent"));
  recent_menu_->setObjectName("recentMenu");
  QAction* open_run = menu->addAction(tr("Open training r&un…"), this, [this] {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open training run"));
    if (!folder.isEmpty()) runs_.watchFor(folder.toStdString());
  });
  open_run->setObjectName("openRunAction");
  QAction* sample = menu->addAction(tr("Make &sample scenes"), this, &MainWindow::makeSample);
  sample->setObjectName("sampleAction");
  menu->addSeparator();
  export_action_ =
      menu->addAction(lineIcon(IconShape::Export), tr("&Export labels…"), QKeySequence("Ctrl+E"), this, [this] {
        exporter_.ask(this);
      });
  export_action_->setObjectName("exportAction");
  export_action_->setEnabled(false);
  menu->addSeparator();
  menu->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close)->setObjectName("quitAction");
  showRecent();
}

void MainWindow::addLayerAction(const QString& text,
                                const QKeySequence& key,
                                PointLayer layer,
                                const QString& object_name) {
  QAction* action = view_menu_->addAction(text, key, this, [this, layer] { document_.setLayer(layer); });
  action->setObjectName(object_name);
  action->setCheckable(true);
  action->setChecked(document_.layer() == layer);
  layers_->addAction(action);
  connect(&document_, &Document::layerChanged, action, [action, layer](PointLayer now) {
    action->setChecked(now == layer);
  });
}

void MainWindow::makeViewMenu() {
  view_menu_ = menuBar()->addMenu(tr("&View"));
  layers_ = new QActionGroup(this);
  addLayerAction(tr("&Colour"), QKeySequence("R"), PointLayer::Rgb, "layerRgb");
  addLayerAction(tr("3D C&AM of the class"), QKeySequence("C"), PointLayer::Cam, "layerCam");
  addLayerAction(tr("&Prediction"), QKeySequence("P"), PointLayer::Prediction, "layerPrediction");
  addLayerAction(tr("&Ground truth"), QKeySequence("G"), PointLayer::Truth, "layerTruth");
  view_menu_->addSeparator();
  QAction* mesh = view_menu_->addAction(tr("&Mesh instead of points"), QKeySequence("M"), this, [this](bool checked) {
    document_.setSurface(checked ? Surface::Mesh : Surface::Points);
  });
  mesh->setObjectName("meshAction");
  mesh->setCheckable(true);
  connect(&document_, &Document::surfaceChanged, mesh, [mesh](Surface now) { mesh->setChecked(now == Surface::Mesh); });
  QAction* overlay =
      view_menu_->addAction(tr("Next image &overlay"), QKeySequence("O"), this, &MainWindow::cycleOverlay);
  overlay->setObjectName("nextOverlay");
  QAction* fit =
      view_menu_->addAction(lineIcon(IconShape::Fit), tr("&Fit the scene"), QKeySequence("Shift+F"), this, [this] {
        scene_view_->resetCamera();
        image_panel_->canvas().fit();
      });
  fit->setObjectName("fitAction");
  view_menu_->addSeparator();
  for (QDockWidget* dock : {scenes_dock_, classes_dock_, image_dock_, timeline_dock_, training_dock_, warnings_dock_}) {
    view_menu_->addAction(dock->toggleViewAction());
  }
  view_menu_
      ->addAction(tr("&Reset layout"),
                  this,
                  [this] {
                    restoreState(default_state_, kLayoutVersion);
                    defaultLayout();
                  })
      ->setObjectName("resetLayout");
  view_menu_->addSeparator();
  QAction* full_screen = view_menu_->addAction(tr("F&ull screen"), QKeySequence(Qt::Key_F11), this, [this] {
    setWindowState(windowState() ^ Qt::WindowFullScreen);
  });
  full_screen->setObjectName("fullScreenAction");
  auto* escape = new QAction(tr("Leave"), this);
  escape->setShortcut(Qt::Key_Escape);
  escape->setObjectName("escapeAction");
  addAction(escape);
  connect(escape, &QAction::triggered, this, [this] {
    if (opener_.runner().isBusy()) return opener_.runner().cancel();
    if (isFullScreen()) showNormal();
  });
}

void MainWindow::makeTrainingMenu() {
  QMenu* menu = menuBar()->addMenu(tr("&Training"));
  menu->addAction(tr("&Start or pause"), QKeySequence("T"), &runs_, &RunController::toggle)
      ->setObjectName("toggleTrainingAction");
  menu->addAction(tr("S&top"), &runs_, &RunController::stop)->setObjectName("stopTrainingAction");
}

void MainWindow::makeFrameKeys() {
  const auto add = [this](const QKeySequence& key, auto action) {
    auto* shortcut = new QAction(this);
    shortcut->setShortcut(key);
    addAction(shortcut);
    connect(shortcut, &QAction::triggered, this, action);
  };
  add(Qt::Key_Left, [this] { document_.setFrameIndex(document_.frameIndex() - 1); });
  add(Qt::Key_Right, [this] { document_.setFrameIndex(document_.frameIndex() + 1); });
  add(Qt::Key_Home, [this] { document_.setFrameIndex(0); });
  add(Qt::Key_End, [this] { document_.setFrameIndex(document_.numFrames() - 1); });
  for (int i = 0; i < 9; ++i) {
    add(QKeySequence(static_cast<Qt::Key>(Qt::Key_1 + i)), [this, i] { document_.setClassIndex(i); });
  }
}

void MainWindow::connectEverything() {
  connect(start_page_, &StartPage::openAsked, this, &MainWindow::askForScene);
  connect(start_page_, &StartPage::openFileAsked, this, &MainWindow::askForFile);
  connect(start_page_, &StartPage::sampleAsked, this, &MainWindow::makeSample);
  connectSampleMaker();
  connect(&frames_, &FrameController::pictureReady, image_panel_, &ImagePanel::setPicture);
  connect(&opener_, &SceneOpener::opened, this, &MainWindow::sceneOpened);
  connect(&opener_, &SceneOpener::dataSetFound, this, &MainWindow::dataSetFound);
  connect(scene_panel_, &ScenePanel::openAsked, this, [this](const std::filesystem::path& scene) {
    open(scene, set_run_);
  });
  connect(&opener_, &SceneOpener::failed, this, [this](const std::filesystem::path&, const Error& error) {
    opens_first_scene_ = false;
    if (!document_.scene()) centre_->setCurrentWidget(start_page_);
    if (error.code == ErrorCode::Cancelled) return statusBar()->showMessage(tr("Opening was cancelled"), 5000);
    showProblem(tr("The scene could not be opened"), QString::fromStdString(error.message));
  });
  connect(&runs_, &RunController::failed, this, &MainWindow::showProblem);
  connect(scene_view_, &SceneView::drawingFailed, this, [this](const QString& message) {
    showProblem(tr("The 3D view cannot draw"), message);
  });
  connect(&exporter_, &LabelExporter::failed, this, [this](const Error& error) {
    if (error.code == ErrorCode::Cancelled) return statusBar()->showMessage(tr("Exporting was cancelled"), 5000);
    showProblem(tr("The labels could not be exported"), QString::fromStdString(error.message));
  });
  connect(&exporter_, &LabelExporter::written, this, [this](const std::vector<std::filesystem::path>& files) {
    QStringList names;
    for (const auto& file : files) names += QString::fromStdString(file.string());
    statusBar()->showMessage(tr("Written and read back: %1").arg(names.join(QStringLiteral(", "))), 15000);
  });
  connect(
      &document_, &Document::camsChanged, this, [this] { export_action_->setEnabled(document_.cams() != nullptr); });
}

void MainWindow::connectSampleMaker() {
  connect(start_page_, &StartPage::sampleStopAsked, &sample_maker_, &SampleMaker::stop);
  connect(&sample_maker_, &SampleMaker::progressed, this, [this](int done, int total) {
    start_page_->setSampleProgress(done, total);
    if (document_.scene()) statusBar()->showMessage(tr("Making sample scenes… %1 of %2").arg(done).arg(total), 2000);
  });
  connect(&sample_maker_, &SampleMaker::made, this, &MainWindow::sampleMade);
  connect(&sample_maker_, &SampleMaker::stopped, this, [this] {
    start_page_->setSampleIdle();
    statusBar()->showMessage(tr("Making sample scenes was stopped; the next time it goes on"), 5000);
  });
  connect(&sample_maker_, &SampleMaker::failed, this, [this](const QString& message) {
    start_page_->setSampleIdle();
    showProblem(tr("The sample scenes could not be made"), message);
  });
}

void MainWindow::defaultLayout() {
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  splitDockWidget(scenes_dock_, classes_dock_, Qt::Vertical);
  splitDockWidget(classes_dock_, warnings_dock_, Qt::Vertical);
  splitDockWidget(image_dock_, training_dock_, Qt::Vertical);
  resizeDocks({classes_dock_, image_dock_}, {262, 380}, Qt::Horizontal);
  resizeDocks({image_dock_, training_dock_}, {380, 340}, Qt::Vertical);
  resizeDocks({scenes_dock_, classes_dock_, warnings_dock_}, {230, 500, 120}, Qt::Vertical);
  warnings_dock_->hide();
  if (default_state_.isEmpty()) default_state_ = saveState(kLayoutVersion);
}

void MainWindow::restoreLayout() {
  const QSettings settings;
  restoreGeometry(settings.value("window/geometry").toByteArray());
  restoreState(settings.value("window/layout").toByteArray(), kLayoutVersion);
  warnings_dock_->hide();  // It comes when there is something to tell.
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (keeps_settings_) {
    QSettings settings;
    settings.setValue("window/geometry", saveGeometry());
    settings.setValue("window/layout", saveState(kLayoutVersion));
  }
  QMainWindow::closeEvent(event);
}

void MainWindow::open(const std::filesystem::path& path, const std::optional<std::filesystem::path>& run) {
  wanted_run_ = run;
  opens_first_scene_ = false;
  centre_->setCurrentWidget(scene_view_);
  opener_.open(path);
}

void MainWindow::sceneOpened(const std::filesystem::path& path) {
  const Scene& scene = *document_.scene();
  centre_->setCurrentWidget(scene_view_);
  setWindowTitle(tr("%1 — Tagscape").arg(QString::fromStdString(scene.name)));
  setWindowFilePath(QString::fromStdString(path.string()));
  const int num_warnings = static_cast<int>(scene.warnings.size());
  warnings_button_->setVisible(num_warnings > 0);
  warnings_button_->setText(num_warnings == 1 ? tr("1 warning") : tr("%1 warnings").arg(num_warnings));
  warnings_button_->setAccessibleName(warnings_button_->text());
  warnings_dock_->hide();
  statusBar()->showMessage(
      tr("%1: %2 points, %3 frames")
          .arg(QString::fromStdString(scene.name), QLocale().toString(static_cast<qulonglong>(scene.points().size())))
          .arg(scene.frames.size()),
      8000);
  rememberRecent(QString::fromStdString(path.string()));
  runs_.watchFor(std::exchange(wanted_run_, std::nullopt));
}

void MainWindow::askForScene() {
  const QString last = QSettings().value("open/folder").toString();
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a scene's folder"), last);
  if (!folder.isEmpty()) open(folder.toStdString());
}

void MainWindow::askForFile() {
  const QString last = QSettings().value("open/folder").toString();
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
  scenes_dock_->show();
  scenes_dock_->raise();
  statusBar()->showMessage(tr("Scenes in %1: %2. Double-click one to open it")
                               .arg(QString::fromStdString(data_set.path.string()))
                               .arg(data_set.scenes.size()));
  rememberRecent(QString::fromStdString(data_set.path.string()));
  if (std::exchange(opens_first_scene_, false) && !data_set.scenes.empty())
    open(data_set.scenes.front().path, set_run_);
}

void MainWindow::makeSample() {
  // What is shown tells how far it is; an open scene stays open until the first sample is there.
  sample_maker_.make(userDataFolder() / "samples" / "rooms");
}

void MainWindow::sampleMade(const std::filesystem::path& folder) {
  start_page_->setSampleIdle();
  if (opener_.runner().isBusy()) return statusBar()->showMessage(tr("The sample scenes are ready"), 5000);
  open(folder);
  opens_first_scene_ = true;
}

void MainWindow::rememberRecent(const QString& path) {
  if (!keeps_settings_) return;
  QSettings settings;
  QStringList recent = settings.value("open/recent").toStringList();
  const QString absolute = QFileInfo(path).absoluteFilePath();
  recent.removeAll(absolute);
  recent.prepend(absolute);
  settings.setValue("open/recent", QStringList(recent.mid(0, kMostRecent)));
  settings.setValue("open/folder", QFileInfo(absolute).absolutePath());
  showRecent();
}

void MainWindow::showRecent() {
  recent_menu_->clear();
  for (const QString& path : QSettings().value("open/recent").toStringList()) {
    recent_menu_->addAction(path, this, [this, path] { open(path.toStdString()); });
  }
  recent_menu_->setEnabled(!recent_menu_->isEmpty());
}

void MainWindow::showProblem(const QString& title, const QString& message) {
  if (!document_.scene()) centre_->setCurrentWidget(start_page_);
  if (shows_errors_) showError(this, title, message);
  Q_EMIT problemMet(title, message);
}

void MainWindow::cycleOverlay() {
  document_.setOverlay(static_cast<FrameOverlay>((static_cast<int>(document_.overlay()) + 1) % kNumOverlays));
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
