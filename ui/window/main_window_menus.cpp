// The menus and keys of the main window.

#include "ui/dialogs/about_dialog.h"
#include "ui/dialogs/command_palette.h"
#include "ui/dialogs/file_dialogs.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/dialogs/preferences_dialog.h"
#include "ui/dialogs/shortcut_dialog.h"
#include "ui/dialogs/show_once.h"
#include "ui/dialogs/weights_dialog.h"
#include "ui/image_view/image_canvas.h"
#include "ui/image_view/image_panel.h"
#include "ui/panels/start_page.h"
#include "ui/services/icons.h"
#include "ui/view3d/picture_files.h"
#include "ui/view3d/scene_view.h"
#include "ui/window/main_window.h"
#include "ui/window/view_menu.h"
#include "ui/window/view_tools.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QInputDialog>
#include <QMenuBar>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QStatusBar>

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
    const QString folder = askForFolder(this, tr("Open training run"), startOfRuns());
    if (!folder.isEmpty()) openRun(folder.toStdString());
  });
  open_run->setObjectName("openRunAction");
  QAction* sample = menu->addAction(tr("Make &sample scenes"), this, &MainWindow::makeSample);
  sample->setObjectName("sampleAction");
  menu->addSeparator();
  actions_.export_labels =
      menu->addAction(lineIcon(IconShape::Export), tr("&Export labels…"), QKeySequence("Ctrl+E"), this, [this] {
        exporter_.open(this);
      });
  actions_.export_labels->setObjectName("exportAction");
  actions_.import_labels = menu->addAction(tr("&Import labels…"), QKeySequence("Ctrl+I"), this, [this] {
    auto* dialog = new ImportDialog(document_, this);
    connect(
        dialog, &ImportDialog::imported, this, [this](const QString& text) { statusBar()->showMessage(text, 15000); });
    dialog->open();
  });
  actions_.import_labels->setObjectName("importAction");
  menu->addAction(tr("Save picture of the &window…"),
                  this,
                  [this] { savePicture(tr("Save picture of the window"), grab().toImage()); })
      ->setObjectName("saveWindowPictureAction");
  actions_.save_view_picture =
      menu->addAction(tr("Save picture of the 3&D view…"), QKeySequence("Ctrl+Shift+S"), this, [this] {
        savePicture(tr("Save picture of the 3D view"), scene_view_->grabFramebuffer());
      });
  actions_.save_view_picture->setObjectName("saveViewPictureAction");
  menu->addSeparator();
  menu->addAction(
          tr("&Preferences…"), QKeySequence("Ctrl+,"), this, [this] { showOnce<PreferencesDialog>(*this, document_); })
      ->setObjectName("preferencesAction");
  menu->addSeparator();
  menu->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close)->setObjectName("quitAction");
  showRecent();
}

void MainWindow::makeViewMenu() {
  view_menu_ = menuBar()->addMenu(tr("&View"));
  auto* layers = new QActionGroup(this);
  addLayerActions(*view_menu_, LayerMenu::View, *layers, document_);
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
  actions_.fit =
      view_menu_->addAction(lineIcon(IconShape::Fit), tr("&Fit the scene"), QKeySequence("Shift+F"), this, [this] {
        scene_view_->resetCamera();
        image_panel_->canvas().fit();
      });
  actions_.fit->setObjectName("fitAction");
  actions_.view = addViewActions(*view_menu_, *layers, document_, *scene_view_, *this);
  view_menu_->addSeparator();
  for (QDockWidget* dock : layout_.docks().all()) view_menu_->addAction(dock->toggleViewAction());
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
    if (tools_->manager().cancel()) return;
    if (document_.link().selected() || !document_.selection().isEmpty()) {
      document_.selection().clear();
      return document_.link().setSelected({});
    }
    if (isFullScreen()) showNormal();
  });
}

void MainWindow::makeTrainingMenu() {
  QMenu* menu = menuBar()->addMenu(tr("&Networks"));
  actions_.toggle_training =
      menu->addAction(tr("&Start or pause"), QKeySequence("Ctrl+T"), &runs_, &RunController::toggle);
  actions_.toggle_training->setObjectName("toggleTrainingAction");
  actions_.stop_training = menu->addAction(tr("S&top"), &runs_, &RunController::stop);
  actions_.stop_training->setObjectName("stopTrainingAction");
  menu->addSeparator();
  menu->addAction(tr("&Load networks of a run…"), this, &MainWindow::askForRun)->setObjectName("openInferenceAction");
  actions_.predict_scene = menu->addAction(
      tr("&Predict the scene"), QKeySequence("Ctrl+P"), &inference_, &InferenceController::predictScene);
  actions_.predict_scene->setObjectName("predictSceneAction");
  actions_.predict_frame = menu->addAction(tr("Predict the &frame"), &inference_, &InferenceController::predictFrame);
  actions_.predict_frame->setObjectName("predictFrameAction");
  actions_.cancel_prediction = menu->addAction(tr("&Cancel the prediction"), &inference_, &InferenceController::cancel);
  actions_.cancel_prediction->setObjectName("cancelPredictionAction");
  menu->addSeparator();
  menu->addAction(tr("Pretrained &weights…"), this, [this] { showOnce<WeightsDialog>(*this); })
      ->setObjectName("pretrainedWeightsAction");
}

void MainWindow::makeFrameKeys() {
  const auto add = [this](const QString& text, const QString& object_name, const QKeySequence& key, auto action) {
    auto* shortcut = new QAction(text, this);
    shortcut->setObjectName(object_name);
    shortcut->setShortcut(key);
    addAction(shortcut);
    connect(shortcut, &QAction::triggered, this, action);
    return shortcut;
  };
  actions_.previous_frame = add(tr("Previous frame"), "previousFrameAction", Qt::Key_Left, [this] {
    document_.setFrameIndex(document_.frameIndex() - 1);
  });
  actions_.next_frame = add(tr("Next frame"), "nextFrameAction", Qt::Key_Right, [this] {
    document_.setFrameIndex(document_.frameIndex() + 1);
  });
  actions_.first_frame =
      add(tr("First frame"), "firstFrameAction", Qt::Key_Home, [this] { document_.setFrameIndex(0); });
  actions_.last_frame = add(
      tr("Last frame"), "lastFrameAction", Qt::Key_End, [this] { document_.setFrameIndex(document_.numFrames() - 1); });
  for (int i = 0; i < kNumClasses; ++i) {
    const QString name = QString::fromStdString(std::string(classCatalog()[static_cast<std::size_t>(i)].name));
    const QKeySequence key = i < 9 ? QKeySequence(static_cast<Qt::Key>(Qt::Key_1 + i)) : QKeySequence();
    add(tr("Class: %1").arg(name), QStringLiteral("class%1Action").arg(i), key, [this, i] {
      // In a project a digit is the key of one of its classes.
      if (labels_.isOpen() && i < 9 && labels_.chooseKey(QString::number(i + 1))) return;
      document_.setClassIndex(i);
    });
  }
}

void MainWindow::makeLinkActions() {
  QMenu* menu = menuBar()->addMenu(tr("Fra&mes"));
  const auto go = [this](const std::optional<int>& frame) {
    if (frame) return document_.setFrameIndex(*frame);
    statusBar()->showMessage(tr("Point at or click the scan: no such frame observes the point"), 4000);
  };
  actions_.previous_observing_frame =
      menu->addAction(tr("&Previous frame that sees the point"), QKeySequence("["), this, [this, go] {
        go(document_.link().observingFrameBeside(document_.frameIndex(), -1));
      });
  actions_.previous_observing_frame->setObjectName("previousObservingFrameAction");
  actions_.next_observing_frame =
      menu->addAction(tr("&Next frame that sees the point"), QKeySequence("]"), this, [this, go] {
        go(document_.link().observingFrameBeside(document_.frameIndex(), 1));
      });
  actions_.next_observing_frame->setObjectName("nextObservingFrameAction");
  actions_.most_disagreeing = menu->addAction(tr("Frame that &disagrees most"), QKeySequence("D"), this, [this, go] {
    go(document_.link().mostDisagreeing());
  });
  actions_.most_disagreeing->setObjectName("mostDisagreeingAction");
  menu->addSeparator();
  menu->addAction(
          tr("Colour or d&epth"),
          QKeySequence("Shift+Z"),
          this,
          [this] {
            document_.setFrameBase(document_.frameBase() == FrameBase::Color ? FrameBase::Depth : FrameBase::Color);
          })
      ->setObjectName("toggleDepthAction");
  menu->addAction(tr("S&wipe between two overlays"),
                  QKeySequence("Shift+O"),
                  this,
                  [this] { document_.setSwiped(!document_.isSwiped()); })
      ->setObjectName("toggleSwipeAction");
  menu->addAction(tr("S&olo the class"),
                  QKeySequence("S"),
                  this,
                  [this] { document_.displayStyle().solo(document_.classIndex()); })
      ->setObjectName("soloAction");
  actions_.toggle_scene_tag =
      menu->addAction(tr("&Toggle the scene's tag of the class"), QKeySequence("Shift+Y"), this, [this] {
        document_.toggleSceneTag(document_.classIndex());
      });
  actions_.toggle_scene_tag->setObjectName("toggleSceneTagAction");
  actions_.toggle_frame_tag =
      menu->addAction(tr("Toggle the f&rame's tag of the class"), QKeySequence("Y"), this, [this] {
        document_.toggleFrameTag(document_.classIndex());
      });
  actions_.toggle_frame_tag->setObjectName("toggleFrameTagAction");
  actions_.reset_tags = menu->addAction(tr("&Reset tags"), &document_, &Document::resetTags);
  actions_.reset_tags->setObjectName("resetTagsAction");
}

void MainWindow::makeLayoutMenu() {
  QMenu* menu = menuBar()->addMenu(tr("&Layout"));
  menu->addAction(tr("&Standard"), &layout_, &WindowLayout::reset)->setObjectName("resetLayout");
  menu->addAction(tr("&Review"), &layout_, &WindowLayout::arrangeForLooking)->setObjectName("lookingLayout");
  menu->addAction(tr("&Training"), &layout_, &WindowLayout::arrangeForTraining)->setObjectName("trainingLayout");
  menu->addSeparator();
  layout_menu_ = menu->addMenu(tr("S&aved"));
  layout_menu_->setObjectName("savedLayouts");
  menu->addAction(tr("Sa&ve as…"), this, &MainWindow::askForLayoutName)->setObjectName("saveLayoutAction");
  remove_layout_menu_ = menu->addMenu(tr("&Remove"));
  connect(&layout_, &WindowLayout::namesChanged, this, &MainWindow::showLayouts);
  showLayouts();
}

void MainWindow::showLayouts() {
  for (QMenu* menu : {layout_menu_, remove_layout_menu_}) menu->clear();
  for (const QString& name : layout_.names()) {
    layout_menu_->addAction(name, this, [this, name] { layout_.apply(name); });
    remove_layout_menu_->addAction(name, this, [this, name] { layout_.remove(name); });
  }
  for (QMenu* menu : {layout_menu_, remove_layout_menu_}) menu->setEnabled(!menu->isEmpty());
}

void MainWindow::askForLayoutName() {
  auto* dialog = new QInputDialog(this);
  dialog->setObjectName("layoutNameDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Save layout"));
  dialog->setLabelText(tr("Name of the layout"));
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
    if (!name.trimmed().isEmpty()) layout_.saveAs(name.trimmed());
  });
  dialog->open();
}

void MainWindow::makeHelpMenu() {
  QMenu* menu = menuBar()->addMenu(tr("&Help"));
  menu->addAction(
          tr("&Commands…"), QKeySequence("Ctrl+K"), this, [this] { (new CommandPalette(shortcuts_, this))->open(); })
      ->setObjectName("commandsAction");
  menu->addAction(tr("&Keyboard shortcuts…"),
                  QKeySequence::HelpContents,
                  this,
                  [this] { showOnce<ShortcutDialog>(*this, shortcuts_); })
      ->setObjectName("keysAction");
  menu->addAction(tr("&About Tagscape"), this, &MainWindow::showAboutBox)->setObjectName("aboutAction");
}

QString MainWindow::drawingDescription() const {
  const QOpenGLContext* context = scene_view_->context();
  if (!context) return {};
  scene_view_->makeCurrent();
  const auto text = [context](GLenum name) {
    return QString::fromLatin1(reinterpret_cast<const char*>(context->functions()->glGetString(name)));
  };
  const QString description = text(GL_RENDERER) + QStringLiteral(", ") + text(GL_VERSION);
  scene_view_->doneCurrent();
  return description;
}

void MainWindow::showAboutBox() { showAbout(this, drawingDescription()); }

void MainWindow::savePicture(const QString& title, const QImage& picture) {
  const QString file = askForPictureFile(this, title, "tagscape.png");
  if (file.isEmpty()) return;
  const Status saved = tagscape::savePicture(picture, file);
  if (saved) return statusBar()->showMessage(tr("Written: %1").arg(file), 8000);
  showProblem(tr("The picture could not be written"), QString::fromStdString(saved.error().message));
}

void MainWindow::showRecent() {
  recent_menu_->clear();
  for (const QString& path : recent_.paths()) {
    recent_menu_->addAction(path, this, [this, path] { open(path.toStdString()); });
  }
  recent_menu_->setEnabled(!recent_menu_->isEmpty());
  start_page_->setRecent(recent_.paths());
}

void MainWindow::cycleOverlay() {
  document_.setOverlay(static_cast<FrameOverlay>((static_cast<int>(document_.overlay()) + 1) % kNumOverlays));
}

}  // namespace tagscape
