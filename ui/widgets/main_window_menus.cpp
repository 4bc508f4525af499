// The menus and keys of the main window.

#include "ui/widgets/icons.h"
#include "ui/widgets/image_canvas.h"
#include "ui/widgets/image_panel.h"
#include "ui/widgets/main_window.h"
#include "ui/widgets/scene_view.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QFileDialog>
#include <QMenuBar>

namespace tagscape {

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
  for (QDockWidget* dock : layout_.docks().all()) view_menu_->addAction(dock->toggleViewAction());
  view_menu_->addAction(tr("&Reset layout"), &layout_, &WindowLayout::reset)->setObjectName("resetLayout");
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

void MainWindow::showRecent() {
  recent_menu_->clear();
  for (const QString& path : recent_.paths()) {
    recent_menu_->addAction(path, this, [this, path] { open(path.toStdString()); });
  }
  recent_menu_->setEnabled(!recent_menu_->isEmpty());
}

void MainWindow::cycleOverlay() {
  document_.setOverlay(static_cast<FrameOverlay>((static_cast<int>(document_.overlay()) + 1) % kNumOverlays));
}

}  // namespace tagscape
